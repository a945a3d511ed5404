#!/bin/sh
# builtin.sh FOLDER - the presets below FOLDER as a C file on stdout (builtin.h).
set -eu
cd "$1"
export LC_ALL=C
files=$(find . -name '*.kata.json' | sed 's,^\./,,' | sort)
echo '#include "builtin.h"'
number=0
for file in $files; do
    echo "static const uint8_t file_$number[] = {"
    od -An -v -tu1 "$file" | sed 's/\([0-9]\{1,\}\)/\1,/g'
    echo '};'
    number=$((number + 1))
done
echo 'const preset_builtin_t preset_builtins[] = {'
number=0
for file in $files; do
    echo "    { \"$file\", file_$number, sizeof file_$number },"
    number=$((number + 1))
done
echo '};'
echo "const int32_t preset_num_builtins = $number;"
