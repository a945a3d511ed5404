#!/bin/bash
# reward_sizes.sh [DECISIONS] [SEEDS] [FOLDER]: Kumite with its reward times 0.01, 1, 100 and 10,000: the same play?
# A run a factor and seed, each evaluated over 100 rounds at its end. What is done is not done again: stop and start at will.
set -eu
decisions=${1:-60000} seeds=${2:-3} out=${3:-build/reward_sizes}
kata=${KATA:-build/release/kata} rom=${ROM:-build/release/games/kumite.nes}
preset=presets/library/nes/Kumite.kata.json
mkdir -p "$out"
for times in 0.01 1 100 10000; do
    sed "s/\"scale\": *0.05/\"scale\": $(awk "BEGIN { printf \"%.9g\", 0.05 * $times }")/" "$preset" >"$out/$times.kata.json"
done
for seed in $(seq "$seeds"); do
    for times in 0.01 1 100 10000; do
        dir=$out/$times-$seed
        [ -e "$dir/eval.json" ] && continue
        rm -rf "$dir"
        "$kata" train "$rom" --preset "$out/$times.kata.json" --dir "$dir" --fresh --seed "$seed" \
            --decisions "$decisions" --workers 2 --eval-episodes 0 >"$out/$times-$seed.txt"
        "$kata" eval "$rom" --preset "$out/$times.kata.json" --dir "$dir" --episodes 100 --json >"$dir/eval.tmp"
        mv "$dir/eval.tmp" "$dir/eval.json"
    done
done
echo "reward times  seed  won  95 % interval  scale"
for times in 0.01 1 100 10000; do
    for seed in $(seq "$seeds"); do
        jq -r --arg t "$times" --arg s "$seed" --arg d "$(sed -n 's/^Rewards are divided by \([^ ]*\).*/\1/p' "$out/$times-$seed.txt")" \
            '[$t, $s, .win_rate, .win_low, .win_high, $d] | @tsv' "$out/$times-$seed/eval.json"
    done
done
