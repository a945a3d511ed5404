#!/bin/sh
# reproducible.sh - do two clones of the last commit, in folders of other names, make the same zips? By hand:
# it compiles all platforms that can be built here twice, without ccache. Prints a line a zip; exit 1 if one differs.
set -eu
tree=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
commit=$(git -C "$tree" rev-parse HEAD) # the tree may have another before the second clone
for place in one another/place; do
    git clone --quiet --no-checkout "$tree" "$work/$place"
    git -C "$work/$place" checkout --quiet --detach "$commit"
    (cd "$work/$place" && CCACHE_DISABLE=1 make -f Makefile.libretro --no-print-directory dist) >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" >&2
        exit 1
    }
done
grep '^skip' "$work/log" || true
bad=0
for zip in "$work"/one/build/dist/*.zip; do
    sum=$(sha256sum <"$zip" | cut -d ' ' -f 1)
    if cmp -s "$zip" "$work/another/place/build/dist/$(basename "$zip")"; then
        echo "same   $(basename "$zip") $sum"
    else
        echo "DIFFER $(basename "$zip")"
        bad=1
    fi
done
exit $bad
