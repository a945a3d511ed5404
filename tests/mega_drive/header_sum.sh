#!/bin/sh
# header_sum.sh ROM - write a Mega Drive header's checksum: the sum of the words behind the header, at 0x18E.
set -eu
sum=$(od -A n -v -t u2 --endian=big -j 512 "$1" | awk '{ for (i = 1; i <= NF; i++) s += $i } END { print s % 65536 }')
printf "$(printf '\\%03o\\%03o' $((sum / 256)) $((sum % 256)))" | dd of="$1" bs=1 seek=398 conv=notrunc status=none
