#!/bin/sh
# embed.sh NAME FILE - a file as a C array NAME that a NUL ends, and its length without it, NAME_bytes, on stdout (training_page.h).
set -eu
echo '#include "training_page.h"'
echo "const unsigned char $1[] = {"
od -An -v -tu1 "$2" | sed 's/\([0-9]\{1,\}\)/\1,/g'
echo '0};'
echo "const size_t $1_bytes = sizeof $1 - 1;"
