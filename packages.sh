#!/bin/sh
# Install what building, testing and the demo need, by package name. Quiet and quick when all is there.
set -eu
packages="gcc make binutils libc6-dev clang libclang-rt-14-dev
  libopenblas-dev libopenblas-pthread-dev libopenblas-serial-dev libcjson-dev libzip-dev liblz4-dev libstb-dev libcmocka-dev
  retroarch-dev cc65 sdcc binutils-m68k-linux-gnu
  libretro-nestopia libretro-gambatte libretro-mgba libretro-bsnes-mercury-performance
  libretro-beetle-pce-fast libretro-core-info
  retroarch xvfb xauth xdotool"

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    echo "packages.sh: no apt here; install the equivalents of:" $packages >&2
    exit 0
fi
missing=
for p in $packages; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "packages.sh: installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
$as_root apt-get update >"$log" 2>&1 || true # an old list is often good enough; install says if not
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    echo "packages.sh: apt-get could not install:$missing" >&2
    exit 1
}
