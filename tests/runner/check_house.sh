#!/bin/sh
# check_house.sh - does tests/house.sh refuse what it says it refuses? A small house without a fault, then with one
# fault at a time.
set -eu
house=$(cd "$(dirname "$0")/.." && pwd)/house.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_DIR="$work/none" # whatever is around $work: every file counts

fresh() {
    rm -rf "$work/house"
    mkdir -p "$work/house/plugin" "$work/house/room/part"
    cd "$work/house"
    for n in $(seq 25); do echo "RETRO_API void retro_$n(void)"; done >plugin/plugin.c
    printf '#ifndef ROOM_A_H\ntypedef struct {\n} a_t;\n#endif\n' >room/a.h
    printf '#include "a.h"\n' >room/part/b.c
    echo "short" >README.md
}
# refuses WORDS: the house as it is now is refused by a sentence with WORDS, and by nothing else.
refuses() {
    if "$house" room plugin >"$work/out" 2>"$work/err"; then
        echo "FAILED tests/runner: house.sh accepts what it should refuse: $1"
        exit 1
    fi
    if [ "$(wc -l <"$work/err")" != 1 ] || ! grep -Fq "$1" "$work/err"; then
        echo "FAILED tests/runner: house.sh should refuse only '$1', and says: $(cat "$work/err")"
        exit 1
    fi
}

fresh
"$house" room plugin >"$work/out" 2>&1 || { echo "FAILED tests/runner: house.sh refuses a sound house: $(cat "$work/out")"; exit 1; }
fresh; for n in $(seq 30); do : >"room/c$n.c"; done; refuses "room: 31 source files in one folder"
fresh; seq 601 >room/part/b.c; refuses "room/part/b.c: 601 lines"
fresh; cp room/part/b.c room/b.c; refuses "the file name b.c stands in room/b.c room/part/b.c"
fresh; echo '#ifndef ROOM_A_H' >room/part/c.h; refuses "the header guard ROOM_A_H stands in"
fresh; printf 'typedef enum {\n} a_t;\n' >room/part/b.c; refuses "the type a_t stands in room/a.h room/part/b.c"
fresh; echo 'typedef void (*a_t)(int);' >room/part/b.c; refuses "the type a_t stands in room/a.h room/part/b.c"
fresh; echo '#define A_WHY_BYTES 9' >room/part/b.c; refuses "room/part/b.c:1: a length of its own for a reason"
fresh; echo 'static bool refuse(char *why)' >room/part/b.c; refuses "room/part/b.c:1: a private refuse()"
fresh; echo 'x += 0x9e3779b97f4a7c15;' >room/part/b.c; refuses "room/part/b.c:1: a random generator of its own"
fresh; echo '{ "B", "Y", "SELECT", "START" }' >room/part/b.c; refuses "room/part/b.c:1: a table of the buttons of a pad"
fresh; echo '{ "l2", "r2" }' >room/part/b.c; refuses "room/part/b.c:1: a table of the buttons of a pad"
fresh; echo 'RETRO_API void retro_26(void)' >>plugin/plugin.c; refuses "plugin/plugin.c: 26 entry points"
fresh; seq -s ' ' 60 >README.md; refuses "README.md:1: 170 columns, at most 120"
echo "ok     tests/runner: house.sh refuses what it says"
