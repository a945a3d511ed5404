#!/bin/sh
# run.sh PROGRAM... - run test programs one after another, each with a limit; exit 1 if any failed.
# Output of a program is shown only when it failed (or V=1). A program that skips a test fails the run,
# unless it says why: a line "skipped: ..." for each.
set -u
export KATA_BUILD="${KATA_BUILD:-$PWD/build/release}" OPENBLAS_NUM_THREADS=1
export KATA_KUMITE_ROM="${KATA_KUMITE_ROM:-$KATA_BUILD/games/kumite.nes}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR="$work"
passed=0 failed=0 skipped=0 programs=0
for program in "$@"; do
    programs=$((programs + 1))
    started=$(date +%s)
    timeout -k 10 900 "$program" >"$work/log" 2>&1
    code=$?
    p=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$work/log" | tail -n 1)
    f=$(sed -n 's/^\[  FAILED  \] [a-z_ :]*\([0-9][0-9]*\) test.*/\1/p' "$work/log" | tail -n 1)
    s=$(grep -c '^\[  SKIPPED \] [a-z]' "$work/log") # cmocka names each twice
    reasons=$(grep -c '^skipped: .' "$work/log")
    passed=$((passed + ${p:-0}))
    if [ "$code" -ne 0 ] || [ "$s" -ne $((2 * reasons)) ] || [ "${p:-0}" -eq 0 ]; then
        failed=$((failed + ${f:-1} + (${f:-1} == 0)))
        echo "FAILED ${program#"$KATA_BUILD"/} (exit $code)"
        tail -n 60 "$work/log"
    else
        echo "ok     ${program#"$KATA_BUILD"/}: $p tests, $(($(date +%s) - started)) s"
        sed -n 's/^skipped: /       skipped: /p' "$work/log"
        skipped=$((skipped + reasons))
        [ "${V:-0}" = 1 ] && cat "$work/log"
    fi
done
[ "$programs" -gt 0 ] || { echo "run.sh: no test program was named"; exit 1; }
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
