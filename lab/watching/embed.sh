#!/bin/sh
# embed.sh NAME FILE HEADER - a file as a C array NAME that a NUL ends, and its length without it, NAME_bytes, as
# HEADER declares them, on stdout.
set -eu
echo "#include \"$3\""
echo "const unsigned char $1[] = {"
od -An -v -tu1 "$2" | sed 's/\([0-9]\{1,\}\)/\1,/g'
echo '0};'
echo "const size_t $1_bytes = sizeof $1 - 1;"
