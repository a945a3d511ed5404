#!/bin/sh
# run.sh PROGRAM... - run test programs one after another, each with a limit; exit 1 if any failed.
# Output of a program is shown only when it failed (or V=1). A program that skips a test fails the run,
# unless it says why: a line "skipped: ..." for each.
# KATA_RUN: what runs a program that was built for another machine.
# Tests are counted by the lines that follow a test's "[ RUN      ]": all versions of cmocka print those alike,
# and their summaries differ.
set -u
export KATA_BUILD="${KATA_BUILD:-$PWD/build/release}" OPENBLAS_NUM_THREADS=1
export KATA_KUMITE_ROM="${KATA_KUMITE_ROM:-$KATA_BUILD/games/kumite.nes}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR="$work"

# count VERDICT: how many of the tests that began ended so. Each name once: summaries list some again.
count() {
    awk -v verdict="$1" '
        /^\[ RUN      \] / { began = substr($0, 14) }
        substr($0, 1, 12) == verdict && began != "" && substr($0, 14) == began { n++; began = "" }
        END { print n + 0 }' "$work/log"
}

passed=0 failed=0 skipped=0 programs=0
for program in "$@"; do
    programs=$((programs + 1))
    started=$(date +%s)
    timeout -k 10 900 ${KATA_RUN:-} "$program" >"$work/log" 2>&1
    code=$?
    p=$(count "[       OK ]")
    f=$(count "[  FAILED  ]")
    s=$(count "[  SKIPPED ]")
    reasons=$(grep -c '^skipped: .' "$work/log")
    passed=$((passed + p))
    if [ "$code" -ne 0 ] || [ "$f" -ne 0 ] || [ "$s" -ne "$reasons" ] || [ $((p + s)) -eq 0 ]; then
        failed=$((failed + f + (f == 0)))
        echo "FAILED ${program#"$KATA_BUILD"/} (exit $code)"
        tail -n 60 "$work/log"
    else
        echo "ok     ${program#"$KATA_BUILD"/}: $p tests, $(($(date +%s) - started)) s"
        sed -n 's/^skipped: /       skipped: /p' "$work/log"
        skipped=$((skipped + s))
        [ "${V:-0}" = 1 ] && cat "$work/log"
    fi
done
[ "$programs" -gt 0 ] || { echo "run.sh: no test program was named"; exit 1; }
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
