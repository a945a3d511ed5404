#!/bin/sh
# box.sh FOLDER - the .kata files of FOLDER as a C file on stdout (box.h). The assembler takes them in: a compiler would
# need minutes for so many numbers. Paths are as FOLDER is given, so give it relative to where the compiler runs.
set -eu
export LC_ALL=C
echo '#include "box.h"'
number=0
for file in "$1"/*.kata; do
    [ -e "$file" ] || continue
    cat <<C
__asm__(".data\n"
        "box_file_$number:\n.incbin \"$file\"\n"
        "box_file_${number}_end:\n.byte 0\n"
        ".text\n");
extern const uint8_t box_file_$number[] __attribute__((visibility("hidden")));
extern const uint8_t box_file_${number}_end[] __attribute__((visibility("hidden")));
C
    number=$((number + 1))
done
echo 'const box_file_t box_files[] = {'
number=0
for file in "$1"/*.kata; do
    [ -e "$file" ] || continue
    echo "    { \"$(basename "$file")\", box_file_$number, box_file_${number}_end },"
    number=$((number + 1))
done
echo '    { NULL, NULL, NULL },'
echo '};'
