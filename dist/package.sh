#!/bin/sh
# package.sh PLATFORM BUILD SYSROOT OUT - the zip of a platform: the plugin, the command line, the .info, the library of
# presets, Kumite, a README and the licences of all that is linked in.
# The same sources and libraries make the same bytes: entries are sorted, their time is SOURCE_DATE_EPOCH (the last
# commit's if it is not set), owners and modes of the machine are not kept, symbols are stripped.
# CROSS: prefix of the platform's strip.
set -eu
[ $# = 4 ] || { echo "usage: $0 PLATFORM BUILD SYSROOT OUT" >&2; exit 2; }
platform=$1 build=$2 sysroot=$3 out=$4
command -v zip >/dev/null || { echo "package.sh: there is no zip (Debian's package: zip)" >&2; exit 1; }
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 315619200)}
version=$(sed -n 's/^display_version = "\(.*\)"$/\1/p' kata_libretro.info)
name=kata-$version-$platform
mkdir -p "$(dirname "$out")"
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
top=$work/$name
mkdir -p "$top/licences"

needs="glibc 2.31 (Debian 11, Ubuntu 20.04, 2020 or later)" kata=kata core=kata_libretro.so run=./kata
case "$platform" in
win64) needs="Windows 10 on x86-64" kata=kata.exe core=kata_libretro.dll run=kata ;;
esac
for file in $kata $core; do
    "${CROSS:-}strip" --preserve-dates -o "$top/$file" "$build/$file" # a .exe has the date in it: the linker left 0
done
CROSS=${CROSS:-} dist/check_binary.sh "$top/$kata" "$top/$core"
cp kata_libretro.info "$top/"
cp "$build/games/kumite.nes" "$top/"
cp -r presets/library "$top/presets"
cp LICENSE "$top/licences/Kata.txt"
cp "$sysroot"/licences/*.txt "$top/licences/"
cp "$sysroot/packages.txt" "$top/licences/made-with.txt"
cat >"$top/README.txt" <<README
Kata $version for $platform: needs $needs and nothing else.
A libretro core that plays games in other cores must be there: RetroArch's nestopia for the game below; \`$run cores\` lists them.
    $run train kumite.nes --start level1 --minutes 5   learns the bundled game, headless
    $run eval kumite.nes                               how often it wins, with an interval
    $run play kumite.nes                               watch it in RetroArch
    $run install                                       puts $core and its .info where RetroArch looks
Then in RetroArch: Load Core > Kata, and the same game. \`$run --help\` says the rest.
presets/: what Kata knows of games (it is inside the programs, too); kumite.nes: a fighting game of our own.
Kata is under the MIT licence. licences/ has the texts of the libraries inside it and, in made-with.txt, their versions.
It contains no other core, no ROM of others, no savestate.
README
find "$top" -type d -exec chmod 755 {} +
find "$top" -type f -exec chmod 644 {} +
chmod 755 "$top/$kata"
find "$top" -exec touch -h -d "@$epoch" {} +
rm -f "$out"
(cd "$work" && find "$name" -type f | LC_ALL=C sort | TZ=UTC zip -q -X -9 "$out" -@)
echo "  ZIP $out ($(wc -c <"$out") bytes)"
