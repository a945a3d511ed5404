#!/bin/sh
# run.sh PROGRAM... - run test programs, each with a limit; exit 1 if any failed.
# TEST_JOBS: so many at once [one more than there are processors, for some wait; at most 4].
# Output of a program is shown only when it failed (or V=1). A program that skips a test fails the run,
# unless it says why: a line "skipped: ..." for each.
# KATA_RUN: what runs a program that was built for another machine.
# TEST_SECONDS: the limit [900; with KATA_RUN 9000].
# Tests are counted by the lines that follow a test's "[ RUN      ]": all versions of cmocka print those alike,
# and their summaries differ.
set -u

# count VERDICT LOG: how many of the tests that began ended so. Each name once: summaries list some again.
count() {
    awk -v verdict="$1" '
        /^\[ RUN      \] / { began = substr($0, 14) }
        substr($0, 1, 12) == verdict && began != "" && substr($0, 14) == began { n++; began = "" }
        END { print n + 0 }' "$2"
}

# one PROGRAM: what is said of it goes out at once, its numbers to $work/counts. Its temporary files are in a folder of
# its own.
one() {
    own=$(mktemp -d "$work/XXXXXX")
    log=$own/log
    mkdir "$own/tmp"
    started=$(date +%s)
    TMPDIR=$own/tmp timeout -k 10 "$TEST_SECONDS" ${KATA_RUN:-} "$1" >"$log" 2>&1
    code=$?
    p=$(count "[       OK ]" "$log")
    f=$(count "[  FAILED  ]" "$log")
    s=$(count "[  SKIPPED ]" "$log")
    reasons=$(grep -c '^skipped: .' "$log")
    if [ "$code" -ne 0 ] || [ "$f" -ne 0 ] || [ "$s" -ne "$reasons" ] || [ $((p + s)) -eq 0 ]; then
        f=$((f + (f == 0))) s=0
        echo "FAILED ${1#"$KATA_BUILD"/} (exit $code)" >"$own/said"
        tail -n 60 "$log" >>"$own/said"
    else
        echo "ok     ${1#"$KATA_BUILD"/}: $p tests, $(($(date +%s) - started)) s" >"$own/said"
        sed -n 's/^skipped: /       skipped: /p' "$log" >>"$own/said"
        [ "${V:-0}" = 1 ] && cat "$log" >>"$own/said"
    fi
    flock "$work" sh -c 'cat "$1"; echo "$2" >>"$3"' sh "$own/said" "$p $f $s" "$work/counts"
    rm -rf "$own"
}

if [ "${1:-}" = --one ]; then
    one "$2"
    exit 0
fi
[ $# -gt 0 ] || { echo "run.sh: no test program was named"; exit 1; }
if [ -n "${KATA_RUN:-}" ]; then
    export TEST_SECONDS="${TEST_SECONDS:-9000}"
else
    export TEST_SECONDS="${TEST_SECONDS:-900}"
fi
export KATA_BUILD="${KATA_BUILD:-$PWD/build/release}" OPENBLAS_NUM_THREADS=1
export KATA_KUMITE_ROM="${KATA_KUMITE_ROM:-$KATA_BUILD/games/kumite.nes}"
processors=$(nproc)
work=$(mktemp -d)
export work
trap 'rm -rf "$work"' EXIT
printf '%s\0' "$@" | xargs -0 -n 1 -P "${TEST_JOBS:-$((processors < 3 ? processors + 1 : 4))}" sh "$0" --one
awk -v programs=$# '
    { p += $1; f += $2; s += $3 }
    END {
        if (NR != programs) { print "run.sh: " NR " of " programs " programs came to an end"; f++ }
        print p + 0 " passed, " f + 0 " failed, " s + 0 " skipped"
        exit f > 0
    }' "$work/counts"
