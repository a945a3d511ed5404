#!/bin/sh
# check.sh - does tests/run.sh count right? Its last line for programs that print what cmocka printed for
# one test that passes and one that is skipped with a reason, skipped without ("silent"), or fails.
# cmocka 2.0 prints what 1.1.7 prints.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect LAST_LINE OUTPUT EXIT_CODE
expect() {
    printf '#!/bin/sh\ncat "%s"\nexit %s\n' "$2" "$3" >"$work/program"
    chmod +x "$work/program"
    found=$(../run.sh "$work/program" 2>&1 | tail -n 1)
    [ "$found" = "$1" ] || {
        echo "FAILED tests/runner: run.sh on $2 with exit code $3 says '$found', not '$1'"
        exit 1
    }
}
for version in 1.1.5 1.1.7; do
    expect "1 passed, 0 failed, 1 skipped" "$PWD/skipped-$version.txt" 0
    expect "1 passed, 1 failed, 0 skipped" "$PWD/silent-$version.txt" 0
    expect "1 passed, 1 failed, 0 skipped" "$PWD/failed-$version.txt" 1
    expect "1 passed, 1 failed, 0 skipped" "$PWD/failed-$version.txt" 0    # its exit code is wrong
    expect "1 passed, 1 failed, 0 skipped" "$PWD/skipped-$version.txt" 139 # it died after its tests
done
expect "0 passed, 1 failed, 0 skipped" /dev/null 0 # no test ran
echo "ok     tests/runner: run.sh counts right"
