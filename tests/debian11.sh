#!/bin/sh
# debian11.sh [MINUTES] - the files of platform=linux-x86_64 on Debian 11 (glibc 2.31), as root, by hand:
#
#     make -f Makefile.libretro platform=linux-x86_64 && tests/debian11.sh
#
# A Debian 11 without cJSON, OpenBLAS and libzip, but with its own libretro-nestopia, is unpacked once into a folder
# below KATA_CHROOTS (/var/tmp/kata-distributions) by debootstrap. In it `kata train` learns Kumite for MINUTES (10),
# `kata eval` plays 50 episodes with random moves and 50 with what was learned, and the plugin's tests test_load and
# test_play load and play kata_libretro.so. Mounts are made in a namespace of their own: none is left behind.
# Prints the figures; the log's name is in it. Exit 1 if a command failed or the agent wins no more than random moves.
set -eu
minutes=${1:-10}
tree=$(cd "$(dirname "$0")/.." && pwd)
build=$tree/build/linux-x86_64-release
chroots=${KATA_CHROOTS:-/var/tmp/kata-distributions}
root=$chroots/bullseye-one-file
log=$root.log
refuse() {
    echo "debian11: $1" >&2
    exit 1
}
[ "$(id -u)" = 0 ] || refuse "chroot needs root: run this as root"
command -v debootstrap >/dev/null || refuse "debootstrap is not installed: apt-get install debootstrap"
[ -x "$build/kata" ] || refuse "there is no $build/kata: make -f Makefile.libretro platform=linux-x86_64"
make -f "$tree/Makefile.libretro" -C "$tree" --no-print-directory platform=linux-x86_64 \
    build/linux-x86_64-release/tests/plugin/test_load build/linux-x86_64-release/tests/plugin/test_play

mkdir -p "$chroots"
if [ ! -e "$root.complete" ]; then
    rm -rf "$root"
    debootstrap --variant=minbase --include=libretro-nestopia,libcmocka0 bullseye "$root" \
        "${KATA_DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$log" 2>&1 ||
        refuse "debootstrap failed: $(tail -n 1 "$log") ($log)"
    touch "$root.complete"
fi
rm -rf "$root/root/kata"
mkdir -p "$root/root/kata"
# Stripped, as they are handed out.
for file in kata kata_libretro.so; do strip -o "$root/root/kata/$file" "$build/$file"; done
(cd "$build" && find kata_libretro.info games/kumite.nes tests/fake_core tests/plugin -type f ! -name '*.[od]' |
    tar -c -T - | tar -x -C "$root/root/kata")

cat >"$root/root/steps.sh" <<'STEPS'
cd /root/kata
step() {
    name=$1
    shift
    echo "+ $*"
    if "$@"; then echo "step $name: ok"; else echo "step $name: FAILED"; exit 1; fi
}
. /etc/os-release
echo "machine: $PRETTY_NAME, $(ldd --version | head -n 1)"
lacks() { ! ldconfig -p | grep -E 'libcjson|libopenblas|libblas|libcblas|libzip'; }
figure() { sed -n "s/.*\"$1\": *\([0-9.]*\).*/\1/p" "$2" | head -n 1; }
# The agent's wins of 50 and those of random moves.
learned() {
    ./kata eval games/kumite.nes --start level1 --dir agent --json >agent.json &&
        ./kata eval games/kumite.nes --start level1 --dir agent --who random --json >random.json || return 1
    echo "learned: win rate $(figure win_rate agent.json), random moves $(figure win_rate random.json)"
    awk -v a="$(figure win_rate agent.json)" -v r="$(figure win_rate random.json)" 'BEGIN { exit !(a != "" && r != "" && a > r) }'
}
step lacks lacks
step version ./kata --version
step plugin-loads env KATA_BUILD=/root/kata tests/plugin/test_load
step plugin-plays env KATA_BUILD=/root/kata tests/plugin/test_play
step train ./kata train games/kumite.nes --start level1 --minutes "$1" --eval-episodes 0 --dir agent
step learned learned
STEPS

code=0
unshare --mount --pid --fork --kill-child sh -ec '
    root=$1
    shift
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin sh /root/steps.sh "$@"
' sh "$root" "$minutes" >"$log" 2>&1 </dev/null || code=1

sed -n 's/^machine: //p; s/^learned: //p' "$log"
steps=$(sed -n 's/^step //p' "$log" | paste -s -d ';' | sed 's/;/; /g')
echo "${steps:-nothing ran} ($log)"
exit $code
