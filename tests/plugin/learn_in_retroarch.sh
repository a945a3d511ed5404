#!/bin/bash
# learn_in_retroarch.sh [MINUTES] [FOLDER]: RetroArch under Xvfb, Kumite, no agent at all, kata_mode learn at
# kata_learn_speed max for so long [5]; then what the core said on its screen beside what `kata eval` finds of the agent
# that it left. By hand, on a machine that does nothing else: what is learned in five minutes is what this measures.
# FOLDER [build/learn_in_retroarch] keeps the log, a picture of the last second and the agent.
set -eu
cd "$(dirname "$0")/../.."
minutes=${1:-5} build=${KATA_BUILD:-$PWD/build/release} out=${2:-build/learn_in_retroarch}
[ ! -e "$out" ] || { echo "learn_in_retroarch.sh: $out is there already: remove it, or name another" >&2; exit 2; }
mkdir -p "$out"
out=$(realpath "$out")
xvfb='' retroarch=''
trap '[ -z "$retroarch" ] || kill "$retroarch"; [ -z "$xvfb" ] || kill "$xvfb"' EXIT
mkfifo "$out/display"
Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp -noreset 3>"$out/display" 2>"$out/xvfb.log" &
xvfb=$!
read -r display <"$out/display"
rm "$out/display"
# XDG_DATA_HOME, too: an agent of this game that is in ~/.local/share/kata would be gone on with.
export DISPLAY=:$display XDG_CONFIG_HOME=$out XDG_DATA_HOME=$out/data KATA_HOME=$out/home KATA_BOX=off
port=$((20000 + $$ % 20000))
# No screen to wait for and no sound: RetroArch keeps the core's own rate by its clock.
cat >"$out/retroarch.cfg" <<CFG
video_driver = "gl"
audio_driver = "null"
input_driver = "x"
menu_driver = "null"
video_vsync = "false"
vrr_runloop_enable = "true"
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
global_core_options = "true"
core_options_path = "$out/options.cfg"
libretro_directory = "$build"
libretro_info_path = "$build"
savefile_directory = "$out"
savestate_directory = "$out"
screenshot_directory = "$out"
CFG
printf 'kata_mode = "learn"\nkata_learn_speed = "max"\nkata_overlay = "full"\n' >"$out/options.cfg"
retroarch --verbose --config "$out/retroarch.cfg" -L "$build/kata_libretro.so" "$build/games/kumite.nes" \
    >"$out/log" 2>&1 &
retroarch=$!
exec 7<>"/dev/udp/127.0.0.1/$port"
for minute in $(seq "$minutes"); do
    sleep 58
    echo -n SCREENSHOT >&7
    sleep 2
    echo "minute $minute of $minutes"
done
echo -n QUIT >&7
wait "$retroarch" || true
retroarch=''
mv "$(ls -t "$out"/*.png | head -1)" "$out/last.picture"
rm -f "$out"/*.png
mv "$out/last.picture" "$out/last.png"
grep -E "\[Kata\]|Kata" "$out/log" | tail -8
"$build/kata" eval "$build/games/kumite.nes" --start level1 --episodes 50
