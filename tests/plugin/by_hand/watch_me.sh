#!/bin/bash
# watch_me.sh [MINUTES] [FOLDER]: the agent of the box plays Kumite from level 1 on for so long [20], 5 % of its moves
# random; what its pad held is then held as a human's in kata_mode watch (watch_me.c), where there is no agent yet. Five
# minutes more of its play are kept apart. Printed: at which share of the decisions in those the new agent does as the
# human did, and the human's own agent; the rounds that both, and random moves, win by `kata eval`. By hand: it takes a
# third of MINUTES and some minutes for the evaluations. FOLDER [build/watch_me] keeps recordings and agents.
set -eu
cd "$(dirname "$0")/../../.."
minutes=${1:-20} out=${2:-build/watch_me}
export KATA_BUILD=${KATA_BUILD:-$PWD/build/release}
[ ! -e "$out" ] || { echo "watch_me.sh: $out is there already: remove it, or name another" >&2; exit 2; }
watch_me=$KATA_BUILD/tests/plugin/by_hand/watch_me rom=$KATA_BUILD/games/kumite.nes
[ -x "$watch_me" ] || {
    echo "watch_me.sh: make -f Makefile.libretro build/release/tests/plugin/by_hand/watch_me comes first" >&2
    exit 2
}
mkdir -p "$out/human" "$out/pupil" "$out/user"
out=$(realpath "$out")
export HOME=$out/user XDG_DATA_HOME=$out/user
WATCH_ME_CORE=$(ls /usr/lib/*/libretro/nestopia_libretro.so | head -1)
export WATCH_ME_CORE
KATA_HOME=$out/human KATA_SEED=2 "$watch_me" play "$out/played.kata-recording" "$minutes"
KATA_HOME=$out/human KATA_SEED=3 "$watch_me" play "$out/kept-apart.kata-recording" 5
KATA_HOME=$out/pupil KATA_BOX=off "$watch_me" watch "$out/played.kata-recording"
"$watch_me" score "$out/kept-apart.kata-recording" "$out"/human/nes-*/agents/kumite "$out"/pupil/nes-*
rounds="--start level1 --episodes 50 --seed 777 --workers 2"
"$KATA_BUILD/kata" eval "$rom" --dir "$out"/pupil/nes-* $rounds
KATA_HOME=$out/human KATA_BOX=off "$KATA_BUILD/kata" eval "$rom" --agent kumite $rounds
"$KATA_BUILD/kata" eval "$rom" --who random $rounds
