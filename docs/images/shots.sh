#!/bin/bash
# shots.sh HOME - the pictures of docs/PLAYING.md, from RetroArch with Kumite and the agent of HOME (KATA_HOME of
# `kata train`): title, way to the fight, fight, takeover, pause, versus, overlays, coach, watch, learn. Needs what
# ./packages.sh installs, a build, and ffmpeg, which makes them small. The fights are the same each time (KATA_SEED),
# the moment is not.
set -eu
[ $# -eq 1 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
home=$(realpath "$1")
cd "$(dirname "$0")/../.."
build=${KATA_BUILD:-$PWD/build/release} out=$PWD/docs/images
work=$(mktemp -d)
xvfb='' retroarch=''
trap '[ -z "$retroarch" ] || kill "$retroarch"; [ -z "$xvfb" ] || kill "$xvfb"; rm -rf "$work"' EXIT
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp -noreset 3>"$work/display" 2>"$work/xvfb.log" &
xvfb=$!
read -r display <"$work/display"
cp -r "$home" "$work/home" # one of the pictures is of learning
export DISPLAY=:$display XDG_CONFIG_HOME=$work KATA_HOME=$work/home KATA_SEED=1
port=$((20000 + $$ % 20000))

cat >"$work/retroarch.cfg" <<CFG
video_driver = "gl"
audio_driver = "null"
input_driver = "x"
menu_driver = "null"
video_vsync = "false"
audio_sync = "false"
vrr_runloop_enable = "false"
fastforward_ratio = "1.0"
video_fullscreen = "false"
video_scale = "2"
video_gpu_screenshot = "true"
video_smooth = "false"
video_font_size = "15"
config_save_on_exit = "false"
quit_press_twice = "false"
pause_nonactive = "false"
history_list_enable = "false"
network_cmd_enable = "true"
network_cmd_port = "$port"
notification_show_screenshot = "false"
notification_show_autoconfig = "false"
notification_show_remap_load = "false"
global_core_options = "true"
core_options_path = "$work/options.cfg"
libretro_directory = "$build"
libretro_info_path = "$build"
savefile_directory = "$work"
savestate_directory = "$work"
screenshot_directory = "$work"
CFG

tell() { echo -n "$1" >&7; }
# One byte of the game's memory, by its address in hexadecimal.
peek() {
    local answer=''
    tell "READ_CORE_RAM $1 1" 2>/dev/null || true
    answer=$(timeout 2 dd bs=256 count=1 status=none <&7 2>/dev/null) || true # a packet at once
    echo "${answer##* }"
}
wait_for() { # ADDRESS VALUE
    local tries=0
    until [ "$(peek "$1")" = "$2" ]; do
        tries=$((tries + 1))
        [ $tries -lt 3000 ] || { echo "shots.sh: $1 is not $2" >&2; exit 1; }
        sleep 0.02
    done
}
start() { # OPTIONS
    echo "$1" >"$work/options.cfg"
    retroarch --verbose --config "$work/retroarch.cfg" -L "$build/kata_libretro.so" "$build/games/kumite.nes" \
        >"$work/log" 2>&1 &
    retroarch=$!
    exec 7<>"/dev/udp/127.0.0.1/$port"
    wait_for 302 "$2"
}
stop() {
    tell QUIT
    wait "$retroarch" || true
    retroarch=''
}
shoot() { # NAME
    rm -f "$work"/*.png
    tell SCREENSHOT
    local tries=0
    until ls "$work"/*.png >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || { echo "shots.sh: no picture of $1" >&2; exit 1; }
        sleep 0.1
    done
    sleep 1 # it is written by a thread
    ffmpeg -v error -y -i "$work"/*.png \
        -vf "split[a][b];[a]palettegen=max_colors=32:reserve_transparent=0[p];[b][p]paletteuse=dither=none" \
        "$out/playing-$1.png"
}

start 'kata_mode = "off"' 01
sleep 7
shoot title
stop
start 'kata_start = "level1"' 01
shoot way
wait_for 304 01
sleep 3
shoot fight
xdotool keydown Right
sleep 1
shoot takeover
xdotool keyup Right
xdotool key --delay 80 Return
sleep 2
shoot pause
stop
start 'kata_start = "versus"' 01
wait_for 304 01
sleep 3
shoot versus
stop
for overlay in small full; do
    start "kata_start = \"level1\"
kata_overlay = \"$overlay\"" 01
    wait_for 304 01
    sleep 12
    shoot overlay-$overlay
    stop
done
start 'kata_mode = "coach"' 01
until [ "$(peek 304)" = 01 ]; do # the human goes to the fight
    xdotool key --delay 80 Return
    sleep 4
done
sleep 4
shoot coach
stop
start 'kata_mode = "watch"
kata_overlay = "small"' 01
until [ "$(peek 304)" = 01 ]; do
    xdotool key --delay 80 Return
    sleep 4
done
for move in {1..25}; do # toward the other one, and a kick
    xdotool keydown Right
    sleep 0.5
    xdotool keyup Right
    xdotool key --delay 60 x
    sleep 0.4
done
shoot watch
stop
start 'kata_mode = "learn"
kata_learn_speed = "max"
kata_overlay = "small"' 01
wait_for 304 01
sleep 45
wait_for 304 01
shoot learn
stop
ls -l "$out"/playing-*.png
