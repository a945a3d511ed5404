#!/bin/sh
# windows.sh - kata.exe and kata_libretro.dll under Wine, by hand:
#
#     make -f Makefile.libretro platform=win64 && tests/windows.sh
#
# What it needs: wine64, and for a real core g++-mingw-w64-x86-64-posix, apt and dpkg-dev: nestopia for Windows is
# then built from Debian's source package, once, below KATA_CHROOTS (/var/tmp/kata-distributions). Without them what
# needs a real core is skipped, and said. Shown are:
#   windows/proof.c    files and workers over Win32; windows/hold.c: who lets nobody replace a file
#   a fake core        training; one that crashes, one that hangs; a path that is not ASCII; KATA_KILLS (20) kills while
#                      it saves; a locked file; `kata watch`, `kata ablate`; two trainings of one folder; a
#                      full disk (as root)
#   nestopia, Kumite   `kata bench passthrough`: the plugin, as a frontend of ours runs it; `kata train`
# KATA_AGENT_DIR=FOLDER: and `kata eval` of the agent in it, here and by Linux's build/release/kata.
set -eu
tree=$(cd "$(dirname "$0")/.." && pwd)
build=$tree/build/win64-release
keep=${KATA_CHROOTS:-/var/tmp/kata-distributions}
refuse() {
    echo "windows: $1" >&2
    exit 1
}
[ -e "$build/kata.exe" ] || refuse "there is no $build/kata.exe: make -f Makefile.libretro platform=win64"
wine=$(command -v wine64 || command -v wine || echo /usr/lib/wine/wine64)
[ -x "$wine" ] || refuse "there is no wine (Debian's package: wine64)"
mkdir -p "$keep"
export WINEPREFIX="${WINEPREFIX:-$keep/wine}" WINEDEBUG=-all
work=$(mktemp -d)
running= # in the background
trap 'kill -9 $running 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
sysroot=$(make -f "$tree/Makefile.libretro" -C "$tree" --no-print-directory platform=win64 show-sysroot)
cc="x86_64-w64-mingw32-gcc -std=c11 -D_DEFAULT_SOURCE -O2 -static -D_WIN32_WINNT=0x0A00
    -isystem $sysroot/usr/include/libretro-common -isystem $tree/files/windows/include
    -include $tree/files/windows/include/posix.h -I$tree/files -I$tree/core_bridge -I$tree/tests/fake_core"

# run WORDS... : its output is in out; expect TEXT: it must be there. One that hangs fails.
run() {
    timeout -k 5 900 "$wine" "$@" >out 2>&1 || { cat out; refuse "failed: $*"; }
}
expect() {
    grep -q -F -e "$1" out || { cat out; refuse "not in the output: $1"; }
}
kata() {
    run "$build/kata.exe" "$@"
}

$cc -municode -o proof.exe "$tree/tests/windows/proof.c" "$build/libcore_bridge.a" "$build/libfiles.a"
$cc -municode -o hold.exe "$tree/tests/windows/hold.c" "$build/libfiles.a"
mkdir folder
run ./proof.exe folder
cat out
expect 'all is well'

for how in plain trap; do
    # Its crash is abort() behind signal(SIGABRT, SIG_DFL), which would end all of us; trap: an illegal instruction.
    $cc -w $([ $how = plain ] || echo -Dabort=__builtin_trap) -shared -o ${how}_libretro.dll "$tree"/tests/fake_core/fake_*.c "$build/libfiles.a"
done
cat >fake.json <<'JSON'
{"kata_preset": 1, "game": "Fake", "system": "unknown", "memory": {"ram_base": 0, "ram_bytes": 256},
 "variables": {"clock": {"address": 0, "type": "|u1"}},
 "pad": {"ports": 1, "buttons": {"A": "a", "START": "start"}}, "timing": {"frame_skip": 4, "max_steps": 12},
 "actions": {"primitives": [{"name": "Nothing", "pad": "5"}, {"name": "A", "pad": "A"}], "macros": []},
 "reward": {"variables": {"clock": {"reward": 1}}},
 "done": {"variables": {"clock": {"op": "equal", "reference": 255}}},
 "starts": {"here": ["{2}"]}, "default_start": "here"}
JSON
cheap='--preset fake.json --eval-episodes 0 --decisions 150 --warmup 64 --updates-per-decision 0.05 --replay 4000 --batch 2'
kata --help
expect 'kata 0.'
mkdir -p 'Ünï/日本'
printf FAKE >'Ünï/日本/gäme.fake'
kata train 'Ünï\日本\gäme.fake' --core ./plain_libretro.dll --dir 'Ünï\日本\out' $cheap
expect 'Saved in Ünï/日本/out: 150 decisions'
echo 'ok     training, on a path that is not ASCII'
printf 'FAKE crash_at=60' >crash.fake
kata train crash.fake --core ./trap_libretro.dll --dir crashes --workers 2 $cheap
expect 'playing crash.fake: crashed with an illegal instruction'
expect 'Saved in crashes: 150 decisions'
echo 'ok     a core that crashes is started again'
printf 'FAKE hang_at=60' >hang.fake
kata train hang.fake --core ./plain_libretro.dll --dir hangs --workers 2 --worker-silence 0.5 $cheap
expect 'hang.fake: no frame for 0.5 s, ended'
expect 'Saved in hangs: 150 decisions'
echo 'ok     a core that hangs is ended and started again'

# kill -9 at any moment: the next training goes on, and the folder's lock is free.
small="--preset fake.json --core ./plain_libretro.dll --eval-episodes 0 --warmup 64 --updates-per-decision 0.05
    --replay 4000 --batch 2 --workers 1"
printf FAKE >plain.fake
kata train plain.fake --dir killed $small --decisions 150
n=0 at=0
while [ $n -lt "${KATA_KILLS:-20}" ]; do
    n=$((n + 1))
    "$wine" "$build/kata.exe" train plain.fake --dir killed $small --save-every 0.05 --decisions 1000000 >out 2>&1 &
    running=$!
    tries=0
    until grep -q "Going on from " out || [ $((tries += 1)) -gt 1200 ]; do sleep 0.1; done
    sleep $((n % 2)).$((n * 37 % 10))
    kill -9 $running
    wait $running 2>/dev/null || true
    expect 'Going on from '
    before=$at at=$(sed -n 's/^Going on from \([0-9,]*\) .*/\1/p' out | tr -d ,)
    [ "$at" -ge "$before" ] || refuse "after a kill it went on from $at decisions, before from $before"
    ! grep -q damaged out || { cat out; refuse "a kill left a damaged file"; }
done
kata train plain.fake --dir killed $small --decisions 150
expect 'Saved in killed'
[ "$(ls killed | grep -c '\.tmp-')" = 0 ] || refuse "temporary files of killed trainings stay: $(ls killed)"
echo "ok     $n kills while it saves: it goes on, at last from $at decisions"

# Somebody reads the agent and lets nobody replace it.
sum() { sha256sum <"$1"; }
"$wine" ./hold.exe killed/agent.safetensors 8 >held &
until grep -q held held; do sleep 0.2; done
before=$(sum killed/agent.safetensors)
kata train plain.fake --dir killed $small --save-every 1 --minutes 0.4
expect 'killed/agent.safetensors: could not be saved, the file before it is untouched: '
expect 'Saved in killed'
wait $!
[ "$before" != "$(sum killed/agent.safetensors)" ] || refuse 'nothing was saved after the file was free again'
echo 'ok     a file that is locked: said, and saved when it is free'

# `kata watch`, on a terminal of 80 x 24.
if command -v script >/dev/null; then
    (sleep 8; printf q) | TERM=xterm-256color script -qefc "stty rows 24 cols 80; '$wine' '$build/kata.exe' watch killed" screen >out 2>&1
    for words in 'Fake on plain' 'q quits' 'decisions' '▀'; do
        grep -q -a -F -e "$words" screen || { cat -v screen | tail -c 2000; refuse "kata watch does not show: $words"; }
    done
    echo 'ok     kata watch: in place, with a picture; q ends it'
else
    echo 'skip   kata watch: no script here (bsdutils)'
fi

# A comparison: a process a run. It is stopped as by Ctrl-C, gone on with, and its runs end with it.
compare="ablate plain.fake --preset fake.json --core ./plain_libretro.dll --arms macros,fixed --jobs 2
    --eval-every 200 --eval-episodes 2 --warmup 64 --updates-per-decision 0.05 --replay 4000 --batch 2 --out compared"
processes() { pgrep -f -c "kata.exe ablate plain.fake .*--out compared" || true; }
for signal in INT KILL; do
    "$wine" "$build/kata.exe" $compare --seeds 2 --decisions 20000 >out 2>&1 &
    running=$!
    tries=0
    until [ "$(processes)" = 3 ] || [ $((tries += 1)) -gt 600 ]; do sleep 0.1; done
    sleep 2
    [ "$(processes)" = 3 ] || { cat out; refuse "a comparison of 2 runs at once has $(processes) processes, not 3"; }
    kill -$signal $running
    wait $running 2>/dev/null || true
    [ $signal = KILL ] || expect '0 of 4 runs are done, 4 are left'
    tries=0
    until [ "$(processes)" = 0 ] || [ $((tries += 1)) -gt 200 ]; do sleep 0.1; done
    [ "$(processes)" = 0 ] || refuse "of a comparison that was ended by SIG$signal $(processes) processes stay"
done
rm -r compared
kata $compare --seeds 2 --decisions 300
expect '4 of 4 runs are done'
kata $compare --decisions 300 --seeds 3
expect '6 of 6 runs are done'
echo 'ok     kata ablate: stopped, killed, run to its end, gone on with'

# Two trainings of one folder.
"$wine" "$build/kata.exe" train plain.fake --dir killed $small --decisions 1000000 >first 2>&1 &
running=$!
until grep -q 'Replay memory' first; do sleep 0.2; done
! "$wine" "$build/kata.exe" train plain.fake --dir killed $small --decisions 10 >out 2>&1 || refuse 'two train in one folder'
expect 'another training of this game is running'
kill -9 $running
wait $running 2>/dev/null || true
echo 'ok     two trainings of one folder: the second is refused'

# A disk that fills up while it learns: a small one, in a namespace and a Wine of its own.
if [ "$(id -u)" != 0 ]; then
    echo 'skip   a full disk: mounting one needs root'
else
    mkdir full
    unshare --mount --propagation private sh -eu -c '
        wine=$1 kata=$2
        shift 2
        mount -t tmpfs -o size=20m tmpfs full
        export WINEPREFIX="$PWD/prefix"
        "$wine" "$kata" train plain.fake --dir full/d "$@" --decisions 150 >out 2>&1
        "$wine" "$kata" train plain.fake --dir full/d "$@" --save-every 0.5 --minutes 0.2 >out 2>&1 &
        until grep -q "decisions " out; do sleep 0.1; done
        dd if=/dev/zero of=full/filler bs=64k 2>/dev/null || true
        code=0
        wait $! || code=$?
        cp out out-full
        echo "exit code $code" >>out-full
        "$wine" "$kata" train plain.fake --dir full/d "$@" --decisions 20 >out 2>&1 && code=0 || code=$?
        echo "begun on a full disk: exit code $code" >>out-full
        cat out >>out-full
        rm full/filler
        "$wine" "$kata" train plain.fake --dir full/d "$@" --decisions 150 >out 2>&1
        wineserver -k || true' sh "$wine" "$build/kata.exe" $small || { cat out-full out; refuse 'a full disk'; }
    expect 'Going on from '
    expect 'Saved in full/d'
    ! grep -q damaged out || { cat out; refuse 'a full disk left a damaged file'; }
    cp out-full out
    expect 'could not be saved, the file before it is untouched: No space left on device'
    expect 'begun on a full disk: exit code 1'
    echo 'ok     a full disk: said, the agent whole, and learned on when there is room'
fi

cores=$keep/nestopia-win64
if [ ! -e "$cores/nestopia_libretro.dll" ] && command -v x86_64-w64-mingw32-g++ >/dev/null; then
    (
        arch=amd64 suites=bookworm keyring=/usr/share/keyrings/debian-archive-keyring.gpg
        root=$work/core log=$work/core.log
        mkdir -p "$root/licences"
        . "$tree/dist/own_apt.sh"
        source_of nestopia libretro-nestopia
        make -j2 -C "$unpacked/libretro" platform=win CC=x86_64-w64-mingw32-gcc CXX='x86_64-w64-mingw32-g++ -O2 -static' >>"$log" 2>&1 ||
            { tail -n 5 "$log"; refuse 'nestopia could not be built'; }
        mkdir -p "$cores"
        cp "$unpacked/libretro/nestopia_libretro.dll" "$cores/"
    )
    cp /usr/share/libretro/info/nestopia_libretro.info "$cores/"
fi
if [ ! -e "$cores/nestopia_libretro.dll" ]; then
    echo 'skip   a real core: no x86_64-w64-mingw32-g++ here (g++-mingw-w64-x86-64-posix)'
    exit 0
fi
cp "$build/kata.exe" "$build/kata_libretro.dll" "$build/games/kumite.nes" "$cores"/* .
build=$work
mkdir 'retro arch' 'a game'
cp kumite.nes 'a game/'
cat >words.c <<'WORDS'
#include <stdio.h>
int main(int count, char **words)
{
    for (int i = 0; i < count; i++) printf("[%s]", words[i]);
    return 7;
}
WORDS
x86_64-w64-mingw32-gcc -o 'retro arch/retroarch.exe' words.c
code=0
WINEPATH="Z:$work/retro arch" "$wine" ./kata.exe play 'a game/kumite.nes' >out 2>&1 || code=$?
[ $code = 7 ] || { cat out; refuse "kata play ended with $code, its retroarch.exe with 7"; }
expect "[retroarch][-L][Z:$work/kata_libretro.dll][Z:$work/a game/kumite.nes]"
echo 'ok     kata play: starts retroarch.exe, paths with blanks whole'
kata bench passthrough kumite.nes --seconds 3
cat out
expect 'whole plugin'
kata train kumite.nes --start level1 --decisions 100 --warmup 32 --updates-per-decision 0.2 --eval-episodes 0 --dir learned
expect 'Saved in learned: 100 decisions'
echo 'ok     Kumite on nestopia: 100 decisions'
if [ -n "${KATA_AGENT_DIR:-}" ]; then
    cp -r "$KATA_AGENT_DIR" agent
    how="eval kumite.nes --dir agent --start level1 --episodes 20"
    kata $how
    result() { tr "\r" "\n" | grep "the agent: won"; }
    echo "Windows: $(result <out)"
    echo "Linux:   $("$tree/build/release/kata" $how 2>/dev/null | result)"
fi
echo 'all is well'
