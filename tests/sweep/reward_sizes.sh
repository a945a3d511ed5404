#!/bin/bash
# reward_sizes.sh [DECISIONS] [SEEDS] [FOLDER]: Kumite with its reward times 0.01, 1, 100 and 10,000: the same play?
# A run a factor and seed on a core of its own, as many at once as there are cores, each evaluated over 100 rounds at its
# end. What is done is not done again: stop and start at will.
set -eu
export decisions=${1:-30000} seeds=${2:-3} out=${3:-build/reward_sizes}
export kata=${KATA:-build/release/kata} rom=${ROM:-build/release/games/kumite.nes}
preset=presets/library/nes/Kumite.kata.json
mkdir -p "$out"
for times in 0.01 1 100 10000; do
    sed "s/\"scale\": *0.05/\"scale\": $(awk "BEGIN { printf \"%.9g\", 0.05 * $times }")/" "$preset" >"$out/$times.kata.json"
done
one() { # TIMES SEED
    local dir=$out/$1-$2
    [ ! -e "$dir/eval.json" ] || return 0
    rm -rf "$dir"
    taskset -c "$core" "$kata" train "$rom" --preset "$out/$1.kata.json" --dir "$dir" --fresh --seed "$2" \
        --decisions "$decisions" --workers 1 --eval-episodes 0 >"$dir.txt"
    taskset -c "$core" "$kata" eval "$rom" --preset "$out/$1.kata.json" --dir "$dir" --episodes 100 --json >"$dir/eval.tmp"
    mv "$dir/eval.tmp" "$dir/eval.json"
}
export -f one
for seed in $(seq "$seeds"); do
    for times in 0.01 1 100 10000; do echo "$times $seed"; done
done | xargs -P "$(nproc)" --process-slot-var=core -L 1 bash -euc 'one "$0" "$1"'
echo "reward times  seed  won  95 % interval  scale"
for times in 0.01 1 100 10000; do
    for seed in $(seq "$seeds"); do
        jq -r --arg t "$times" --arg s "$seed" --arg d "$(sed -n 's/^Rewards are divided by \([^ ]*\).*/\1/p' "$out/$times-$seed.txt")" \
            '[$t, $s, .win_rate, .win_low, .win_high, $d] | @tsv' "$out/$times-$seed/eval.json"
    done
done
