#!/bin/sh
# packages.sh          install, by name, what building, testing and the demo need (Debian, Ubuntu).
# packages.sh --check  install nothing: exit 1 and name the command when something is missing.
#
# Written for Debian 12, 13 and sid and Ubuntu 24.04; without apt it lists the packages and installs none.
# A package of the second list that the distribution does not have is left out, and what that costs is said.
set -eu

needed="gcc make binutils libc6-dev
  libopenblas-dev libopenblas-pthread-dev libopenblas-serial-dev libcjson-dev libzip-dev liblz4-dev libstb-dev libncurses-dev libcmocka-dev
  retroarch-dev cc65 sdcc binutils-m68k-linux-gnu
  libretro-nestopia libretro-core-info retroarch xvfb xdotool"
may_lack="pkg-config:training on several machines is not built
libopenmpi-dev:training on several machines is not built
openmpi-bin:training on several machines cannot be started
clang:the fuzz targets are not built
libclang-rt-dev:the fuzz targets are not built
pocl-opencl-icd:tests of learning on OpenCL are skipped
ocl-icd-libopencl1:tests of learning on OpenCL are skipped
libretro-gambatte:tests on a Game Boy core are skipped
libretro-mgba:tests on a Game Boy Advance core are skipped
libretro-bsnes-mercury-performance:tests on a SNES core are skipped
libretro-beetle-pce-fast:tests on a PC Engine core are skipped"

install=true
case "$#:${1:-}" in
0:) ;;
1:--check) install=false ;;
*)
    echo "usage: $0 [--check]" >&2
    exit 2
    ;;
esac

optional=$(echo "$may_lack" | cut -d : -f 1)
if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    $install && echo "packages.sh: no apt here; install the equivalents of:" $needed $optional >&2
    exit 0
fi

# Those of the names given that are not installed.
not_installed() {
    have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p')
    for p in "$@"; do
        echo "$have" | grep -qx -e "$p" || echo "$p"
    done
}
# Can apt install it, as far as its lists say?
is_offered() {
    LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q '^  Candidate: [^(]'
}

missing=$(not_installed $needed $optional)
[ -n "$missing" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A list of packages that is hours old is often good enough; if it is not, the installation says so.
if $install; then $as_root apt-get update >"$log" 2>&1 || true; fi

has_lists=true # without any, nothing can be said of what the distribution lacks
is_offered gcc || has_lists=false
wanted= lacking=
for p in $missing; do
    if ! $has_lists || ! echo "$optional" | grep -qx -e "$p" || is_offered "$p"; then
        wanted="$wanted $p"
    else
        lacking="$lacking $p"
    fi
done
for p in $lacking; do
    echo "packages.sh: this distribution has no $p: $(echo "$may_lack" | sed -n "s/^$p://p")"
done
[ -n "$wanted" ] || exit 0

if ! $install; then
    echo "packages.sh: missing:$wanted" >&2
    echo "packages.sh: to install what is missing, run: ./packages.sh" >&2
    exit 1
fi
echo "packages.sh: installing$wanted"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $wanted >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    echo "packages.sh: apt-get could not install:$wanted" >&2
    exit 1
}
