#!/bin/sh
# house.sh ROOM... - measures the house and refuses what rots: names that stand twice, files too long, copies of what
# has one home, doc lines too wide. Prints the figures, then a sentence for each fault; exit 1 if there is one.
# A room is its folder and the folders in it. Only what git tracks counts, or every file where there is no git.
set -eu
MOST_FILES=30 MOST_LINES=600 MOST_COLUMNS=120
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(git ls-files -co --exclude-standard 2>/dev/null || find . -type f -not -path './build/*' | sed 's|^\./||') |
    while IFS= read -r file; do [ -f "$file" ] && printf '%s\n' "$file"; done >"$work/all"
for room in "$@"; do grep -E "^$room/.*\.[ch]$" "$work/all" || true; done | sort -u >"$work/code"
[ -s "$work/code" ] || { echo "house.sh: no source file is in the rooms '$*'" >&2; exit 1; }
bad=0
fault() { printf 'house: %s\n' "$1" >&2; bad=1; }
# each FAULT... - a fault for every line of standard input
each() { while IFS= read -r line; do fault "$line"; done; }
faults() { [ ! -s "$work/faults" ] || each <"$work/faults"; }

# ---- sizes ----
echo "folder                 files  lines  longest"
sed 's|/[^/]*$||' "$work/code" | sort | uniq -c | while read -r files folder; do
    grep -E "^$folder/[^/]*$" "$work/code" | xargs wc -l | sed '$!b;/ total$/d' | sort -n >"$work/sizes"
    printf '%-22s %5d %6d  %s\n' "$folder" "$files" "$(awk '{ n += $1 } END { print n }' "$work/sizes")" \
        "$(awk 'END { n = split($2, part, "/"); print part[n] " " $1 }' "$work/sizes")"
done
entries=$(grep -c '^RETRO_API' plugin/plugin.c || true)
echo "entry points: $entries in plugin/plugin.c, $(wc -l <plugin/plugin.c) lines"
[ "$entries" = 25 ] || fault "plugin/plugin.c: $entries entry points; libretro has 25, each in this file"
[ ! -d trainer/commands ] || echo "commands: $(grep -c '^trainer/commands/.*\.c$' "$work/code") files, the longest: $(
    grep '^trainer/commands/.*\.c$' "$work/code" | xargs wc -l | grep -v ' total$' | sort -rn | head -n 3 |
        sed 's|^ *\([0-9]*\) .*/\(.*\)\.c|\2 \1|' | paste -sd, | sed 's/,/, /g')"
sed 's|/[^/]*$||' "$work/code" | sort | uniq -c | awk -v most=$MOST_FILES '$1 > most {
    print $2 ": " $1 " source files in one folder, at most " most ": they have two subjects, so make two folders" }' >"$work/faults"
faults
xargs wc -l <"$work/code" | awk -v most=$MOST_LINES '$2 != "total" && $1 > most {
    print $2 ": " $1 " lines, at most " most ": split it by subject" }' >"$work/faults"
faults

# ---- names: of "name file" in $work/names, the names that stand twice. Not in a pipe: $bad would be lost. ----
twice() {
    sort -u "$work/names" | awk -v what="$1" '{ files[$1] = files[$1] " " $2; count[$1]++ }
        END { for (name in count) if (count[name] > 1) print what " " name " stands in" files[name] ": one of them needs another name" }' |
        sort >"$work/faults"
    faults
}
sed 's|\(.*\)/\([^/]*\)$|\2 \1/\2|' "$work/code" >"$work/names"
twice "the file name"
xargs grep -HoE '^#ifndef [A-Z0-9_]+_H$' <"$work/code" | sed 's|^\([^:]*\):#ifndef \(.*\)|\2 \1|' >"$work/names" || true
twice "the header guard"
{
    xargs grep -HoE '^\} [a-z0-9_]+_t(\[.*\])?;' <"$work/code" | sed 's|^\([^:]*\):} \([a-z0-9_]*\).*|\2 \1|'
    xargs grep -HoE '^typedef .*[ *][a-z0-9_]+_t(\[[^]]*\])?;' <"$work/code" | grep -v '(' | sed 's|^\([^:]*\):.*[ *]\([a-z0-9_]*_t\).*|\2 \1|'
    xargs grep -HoE '^typedef .*\(\*?[a-z0-9_]+_t\)\(' <"$work/code" | sed 's|^\([^:]*\):.*(\**\([a-z0-9_]*_t\))(|\2 \1|'
    xargs grep -HoE '^typedef [a-z0-9_ ]+ \**[a-z0-9_]+_t\(' <"$work/code" | sed 's|^\([^:]*\):.*[ *]\([a-z0-9_]*_t\)(|\2 \1|'
} >"$work/names"
twice "the type"

# ---- copies of what has one home ----
# copies "pattern" "home (regex)" "sentence"
copies() {
    xargs grep -HnE "$1" <"$work/code" | grep -Ev "^($2):" | sed -E "s|^([^:]*:[0-9]*):.*|\1: $3|" >"$work/faults"
    faults
}
copies '[A-Z]+_WHY_BYTES' 'none' 'a length of its own for a reason; files/why.h has why_t'
copies '^(static )?(inline )?(__attribute__.*)?bool refuse\(|#define refuse\(' 'files/why\.[ch]' 'a private refuse(); files/why.h has it'
copies '0[xX](9[eE]3779[bB]97[fF]4[aA]7[cC]15|[bB][fF]58476[dD]1[cC][eE]4[eE]5[bB]9)|6364136223846793005' 'files/splitmix\.[ch]' \
    'a random generator of its own; files/splitmix.h has one'
# What a console calls its buttons (systems.c) or another tool's file does (fm2.c, bk2.c) are facts of theirs.
copies '"(SELECT|select|Select)".*"(START|start|Start)"|"[lL]2".*"[rR]2"' \
    'macros/retropad\.c|presets/systems\.c|recordings/(fm2|bk2)\.c' 'a table of the buttons of a pad; macros/retropad.h has it'

# ---- docs ----
# Rows of the tables of measurements and lines of code cannot be broken; all else can.
grep '\.md$' "$work/all" | while IFS= read -r doc; do
    LC_ALL=C.UTF-8 awk -v doc="$doc" -v most=$MOST_COLUMNS '/^```/ { code = !code }
        { line = $0; gsub(/[\200-\277]/, "", line) }
        length(line) > most && !code && !(doc ~ /^docs\/results\// && /^\|/) {
            print doc ":" NR ": " length(line) " columns, at most " most }' "$doc"
done >"$work/faults"
faults
exit $bad
