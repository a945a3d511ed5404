#!/bin/sh
# distributions.sh SUITE [OPTION=VALUE...] - the README's commands on another distribution, as root, by hand:
#
#     tests/distributions.sh trixie
#     tests/distributions.sh noble T=plugin SANITIZE=address,undefined
#
# SUITE: bookworm, trixie or sid of Debian, noble of Ubuntu. Options go to `make check`. Needs debootstrap
# (apt-get install debootstrap) and, for noble, ubuntu-keyring (Debian 13).
# The suite is unpacked once into a folder of its own below KATA_CHROOTS (/var/tmp/kata-distributions), which stays
# with what ./packages.sh installs there: delete it to begin with a bare machine again. The last commit is cloned
# into it. Mounts are made in a namespace of their own, so that none is left behind, however this ends.
# Prints one line; the log's name is in it. Exit 1 if a command failed.
set -eu
suite=${1:-}
mirror=http://deb.debian.org/debian components=main keyring=
case "$suite" in
bookworm | trixie | sid) ;;
noble)
    mirror=http://archive.ubuntu.com/ubuntu components=main,universe
    keyring=/usr/share/keyrings/ubuntu-archive-keyring.gpg
    ;;
*)
    echo "usage: $0 bookworm|trixie|sid|noble [OPTION=VALUE...]" >&2
    exit 2
    ;;
esac
shift
tree=$(cd "$(dirname "$0")/.." && pwd)
chroots=${KATA_CHROOTS:-/var/tmp/kata-distributions}
root=$chroots/$suite
log=$chroots/$suite.log
refuse() {
    echo "$suite: $1" >&2
    exit 1
}
[ "$(id -u)" = 0 ] || refuse "chroot needs root: run this as root"
command -v debootstrap >/dev/null || refuse "debootstrap is not installed: apt-get install debootstrap"

mkdir -p "$chroots"
if [ ! -e "$root.complete" ]; then
    [ -z "$keyring" ] || [ -r "$keyring" ] || refuse "there is no $keyring: install ubuntu-keyring (Debian 13)"
    rm -rf "$root"
    script= # an older debootstrap does not know every suite's name; the scripts of one vendor are one
    [ -e "/usr/share/debootstrap/scripts/$suite" ] || script=/usr/share/debootstrap/scripts/gutsy
    debootstrap --variant=minbase --components="$components" ${keyring:+--keyring="$keyring"} \
        "$suite" "$root" "$mirror" $script >"$log" 2>&1 ||
        refuse "debootstrap failed, is $mirror reachable? $(tail -n 1 "$log") ($log)"
    touch "$root.complete"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
rm -rf "$root/root/kata" "$root/root/.local/share/kata" # an earlier run's agent, too
git clone --quiet "$tree" "$root/root/kata"

# What runs inside: each step's verdict is a line "step NAME: ok" of the log.
cat >"$root/root/steps.sh" <<'STEPS'
cd /root/kata
step() {
    name=$1
    shift
    echo "+ $*"
    if "$@"; then echo "step $name: ok"; else echo "step $name: FAILED"; exit 1; fi
}
. /etc/os-release
if ! command -v git >/dev/null || ! command -v make >/dev/null; then
    apt-get update -q
    apt-get install -qy --no-install-recommends git make ca-certificates
fi
step packages ./packages.sh
echo "machine: $PRETTY_NAME, gcc $(gcc -dumpfullversion), clang $(clang -dumpversion 2>/dev/null || echo none)"
step check make -f Makefile.libretro check FUZZ_SECONDS=0 "$@"
step demo make -f Makefile.libretro demo DEMO_MINUTES=1
STEPS

# /dev is the machine's; /dev/shm, /tmp and /proc are the chroot's own.
code=0
unshare --mount --pid --fork --kill-child sh -ec '
    root=$1
    shift
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys" # pocl aborts where it finds no processors there
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh /root/steps.sh "$@"
' sh "$root" "$@" >"$log" 2>&1 </dev/null || code=1

machine=$(sed -n 's/^machine: //p' "$log")
steps=$(sed -n 's/^step //p' "$log" | paste -s -d ';' | sed 's/;/; /g')
tests=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
echo "$suite (${machine:-no machine}): ${steps:-nothing ran}${tests:+; $tests} ($log)"
exit $code
