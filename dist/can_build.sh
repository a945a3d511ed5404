#!/bin/sh
# can_build.sh PLATFORM - exit 1 and say what is missing when PLATFORM cannot be built here.
# can_build.sh --sysroot PLATFORM SYSROOTS - the same when its sysroot has not been made yet (dist/platforms.mk).
set -eu
here=$(dirname "$0")
sum_of() {
    cat "$@" | cksum | cut -d ' ' -f 1
}
if [ "$1" = --sysroot ]; then
    case "$2" in
    win64) sum=$(sum_of "$here/sysroot_win64.sh" "$here/own_apt.sh") ;;
    *) sum=$(sum_of "$here/sysroot.sh" "$here/own_apt.sh") ;;
    esac
    [ -e "$3/$2-$sum" ] && exit 0
    echo "its sysroot is not there; \`make -f Makefile.libretro platform=$2\` makes it"
    exit 1
fi
case "$1" in
win64) exec "$here/sysroot_win64.sh" --can ;;
*) exec "$here/sysroot.sh" --can "$1" ;;
esac
