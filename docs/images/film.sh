#!/bin/sh
# film.sh HOME OUT.gif FROM FRAMES - the README's moving picture: Kata in RetroArch plays Kumite with the agent of
# HOME (KATA_HOME of `kata train`), and RetroArch itself records each frame, however slow the machine is.
# FROM: the first frame to show, counted from power-on; FRAMES: how many, of 60 a second.
# Needs what ./packages.sh installs, a build, and ffmpeg. Half the frames are shown: GIF viewers go no faster.
set -eu
[ $# -eq 4 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
home=$(realpath "$1") out=$(realpath "$2") from=$3 frames=$4
cd "$(dirname "$0")/../.."
build=$PWD/build/release
work=$(mktemp -d)
xvfb=
trap '[ -z "$xvfb" ] || kill "$xvfb"; rm -rf "$work"' EXIT
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp -noreset 3>"$work/display" 2>"$work/xvfb.log" &
xvfb=$!
read -r display <"$work/display"

cat >"$work/retroarch.cfg" <<CFG
video_driver = "gl"
audio_driver = "null"
input_driver = "x"
menu_driver = "null"
video_vsync = "false"
audio_sync = "false"
config_save_on_exit = "false"
history_list_enable = "false"
libretro_directory = "$build"
libretro_info_path = "$build"
savefile_directory = "$work"
savestate_directory = "$work"
CFG
# Lossless, and every frame.
cat >"$work/record.cfg" <<CFG
format = "matroska"
vcodec = "ffv1"
pix_fmt = "bgr0"
CFG
DISPLAY=:$display XDG_CONFIG_HOME=$work KATA_HOME=$home retroarch --verbose --config "$work/retroarch.cfg" \
    -L "$build/kata_libretro.so" --record "$work/all.mkv" --recordconfig "$work/record.cfg" \
    --max-frames=$((from + frames + 60)) "$build/games/kumite.nes" >"$work/log" 2>&1 || { tail "$work/log"; exit 1; }
grep -o 'Kata: .*' "$work/log" | tail -n 1
cut="select=between(n\,$from\,$((from + frames)))*not(mod(n\,2)),setpts=N/30/TB"
ffmpeg -v error -y -i "$work/all.mkv" -vf "$cut,split[a][b];[a]palettegen=max_colors=64[p];[b][p]paletteuse=dither=none" \
    -r 30 "$out"
ls -l "$out"
