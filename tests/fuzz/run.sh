#!/bin/sh
# run.sh SECONDS TARGET... - fuzz each target for so long; exit 1 at the first finding.
set -eu
seconds=$1
shift
for target in "$@"; do
    work=build/fuzz/$target
    mkdir -p "$work/corpus"
    [ "$target" = preset ] && find presets/library -name '*.kata.json' -exec cp {} "$work/corpus/" \;
    for seed in tests/fuzz/seeds/"$target"/*; do
        [ -f "$seed" ] && cp "$seed" "$work/corpus/"
    done
    dict=
    [ -f "tests/fuzz/$target.dict" ] && dict=-dict=tests/fuzz/$target.dict
    if ! build/fuzz/fuzz_"$target" -max_total_time="$seconds" -max_len=65536 -timeout=5 -rss_limit_mb=2048 \
        -artifact_prefix="$work/" -print_final_stats=1 $dict "$work/corpus" >"$work/log" 2>&1; then
        echo "FAILED fuzz_$target: see $work/log"
        tail -n 40 "$work/log"
        exit 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
    echo "ok     fuzz_$target: $seconds s, ${runs:-?} inputs, nothing found"
done
