#!/bin/sh
# kills.sh [COUNT] - test_kills with COUNT kills instead of 20 (default 1000), and what it counted. By hand: it
# takes one to two seconds a kill.
set -eu
cd "$(dirname "$0")/../.."
make -s -f Makefile.libretro build/release/tests/trainer/test_kills
export KATA_BUILD="$PWD/build/release" OPENBLAS_NUM_THREADS=1 KATA_KILLS="${1:-1000}"
export KATA_KUMITE_ROM="$KATA_BUILD/games/kumite.nes"
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
nice -n 10 build/release/tests/trainer/test_kills
