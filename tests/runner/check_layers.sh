#!/bin/sh
# check_layers.sh - does tests/check-layers.sh refuse what it says it refuses? A small house in which every #include is
# allowed, then one fault at a time.
set -eu
layers=$(cd "$(dirname "$0")/.." && pwd)/check-layers.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p lower/part upper
echo >lower/low.h
echo >lower/part/lower_part.h
echo >upper/up.h

# refused WORDS "#include line" FILE: with this line in FILE, that is said, and nothing else; no words: nothing is said.
refused() {
    printf '#include <stdio.h>\n#include "low.h"\n' >lower/part/low.c
    printf '#include <sys/stat.h>\n#include "lower_part.h"\n  #  include <zip.h> /* "up.h" */\n' >upper/up.c
    echo "$2" >>"$3"
    code=0
    "$layers" "lower::" "upper:lower:zip.h|x/[a-z]*.h" >out 2>&1 || code=$?
    [ -z "$1" ] && [ "$code" = 0 ] && [ ! -s out ] && return
    [ -n "$1" ] && [ "$code" = 1 ] && [ "$(wc -l <out)" = 1 ] && grep -Fq "$1" out && return
    echo "FAILED tests/runner: check-layers.sh with '$2' in $3 ends with $code and says: $(cat out)"
    exit 1
}
refused "" '#include <x/curl.h>' upper/up.c
refused "lower/part/low.c: may not include up.h: lower sees only: lower" '#include "up.h"' lower/part/low.c
refused "lower/low.h: may not include up.h" '	# include "up.h"' lower/low.h
echo >lower/low.h
refused "lower/part/low.c: may not include zip.h" '#include <zip.h>' lower/part/low.c
refused "upper/up.c: may not include unzip.h" '#include <unzip.h>' upper/up.c
refused "upper/up.c: may not include curl.h" '#include <curl.h>' upper/up.c
echo "ok     tests/runner: check-layers.sh refuses what it says"
