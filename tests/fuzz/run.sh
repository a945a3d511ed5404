#!/bin/sh
# run.sh SECONDS TARGET... - fuzz each target, two at a time; exit 1 if anything was found.
# SECONDS counts inputs: as many as a slow machine tries in a second. Without FUZZ_SEED they are the same
# inputs each time (seed 1, and no compared values in the mutations: those hold addresses), so that a check
# that passed passes again. FUZZ_SEED=2 tries others.
# What is found stays in build/fuzz/<target>/, and its path is printed.
set -eu
seconds=$1
shift
if [ $# -gt 1 ]; then
    printf '%s\n' "$@" | xargs -P 2 -n 1 "$0" "$seconds" || exit 1 # xargs says 123
    exit 0
fi
target=$1
case $target in
    preset | imports) inputs_a_second=2000 ;;
    notation) inputs_a_second=5000 ;;
    recordings) inputs_a_second=5000 ;;
    package) inputs_a_second=5000 ;;
    *) inputs_a_second=50000 ;;
esac
work=build/fuzz/$target
if [ "${FUZZ_SEED:-}" ]; then choice="-seed=$FUZZ_SEED"; else choice='-seed=1 -use_cmp=0 -entropic=0 -reload=0'; rm -rf "$work/corpus"; fi
mkdir -p "$work/corpus"
[ "$target" = preset ] && find presets/library -name '*.kata.json' -exec cp {} "$work/corpus/" \;
for seed in tests/fuzz/seeds/"$target"/*; do
    [ -f "$seed" ] && cp "$seed" "$work/corpus/"
done
dict=
[ -f "tests/fuzz/$target.dict" ] && dict=-dict=tests/fuzz/$target.dict
touch "$work/began"
# A busy machine may hold one input up for long: a timeout must mean a hang.
if build/fuzz/fuzz_"$target" $choice -runs=$((seconds * inputs_a_second)) -max_len=65536 -timeout=120 -rss_limit_mb=2048 \
    -artifact_prefix="$work/" -print_final_stats=1 $dict "$work/corpus" >"$work/log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
    echo "ok     fuzz_$target: ${runs:-?} inputs, nothing found"
    exit 0
fi
found=$(find "$work" -maxdepth 1 -type f -newer "$work/began" ! -name log)
printf 'FAILED fuzz_%s: found %s\n%s\n' "$target" "${found:-nothing that could be kept}" "$(tail -n 40 "$work/log")"
exit 1
