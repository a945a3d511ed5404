#!/bin/sh
# soak.sh SECONDS OUT - trains on Kumite for so long, with saves, evaluations and a kept replay memory, and writes
# every ten seconds what the trainer and its actors hold: OUT.csv, drawn as OUT.svg. By hand.
#
# Columns: seconds; resident memory of the trainer and of its children together in KiB; open descriptors of the
# trainer and of its children; threads of the trainer; children; files in the training's folder.
set -eu
seconds=$1
out=$(realpath -m "$2")
cd "$(dirname "$0")/../.."
build="${KATA_BUILD:-$PWD/build/release}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

status() { awk -v key="$2:" '$1 == key { print $2 }' "/proc/$1/status" 2>/dev/null || true; }
descriptors() { ls "/proc/$1/fd" 2>/dev/null | wc -l; }

KATA_HOME="$folder/home" nice -n 15 "$build/kata" train "$build/games/kumite.nes" --dir "$folder/soak" \
    --preset presets/library/nes/Kumite.kata.json --start level1 \
    --minutes $((seconds / 60 + 600)) --save-every 20 --keep-replay --replay 20000 --eval-every 5000 \
    --eval-episodes 10 --workers 2 >"$folder/out" 2>"$folder/err" &
trainer=$!
echo "seconds,trainer_kib,children_kib,trainer_fds,children_fds,threads,children,files" >"$out.csv"
began=$(date +%s)
while kill -0 "$trainer" 2>/dev/null; do
    now=$(($(date +%s) - began))
    [ "$now" -ge "$seconds" ] && break
    kib=0 fds=0 children=0
    for child in $(cat "/proc/$trainer/task/$trainer/children" 2>/dev/null); do
        r=$(status "$child" VmRSS)
        kib=$((kib + ${r:-0})) fds=$((fds + $(descriptors "$child"))) children=$((children + 1))
    done
    echo "$now,$(status "$trainer" VmRSS),$kib,$(descriptors "$trainer"),$fds,$(status "$trainer" Threads),$children,$(
        ls "$folder/soak" 2>/dev/null | wc -l)" >>"$out.csv"
    sleep 10
done
kill -TERM "$trainer"
wait "$trainer" || true
tail -5 "$folder/out"
cat "$folder/err" | grep -v " decisions " || true

# Two curves over the same time: memory of the trainer, memory of its children; descriptors as numbers.
awk -F, 'NR > 1 && $2 > 0 { t[n] = $1; a[n] = $2 / 1024; b[n] = $3 / 1024; f[n] = $4
        if (a[n] > top) top = a[n]; if (b[n] > top) top = b[n]; if ($4 > fds) fds = $4; n++ }
    END {
        print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 320\" font-family=\"sans-serif\" font-size=\"12\">"
        print "<rect width=\"720\" height=\"320\" fill=\"white\"/>"
        last = t[n - 1] > 0 ? t[n - 1] : 1
        draw(a, "#1f5fa8"); draw(b, "#c05a1c")
        printf "<text x=\"50\" y=\"16\">resident MiB, at most %.0f: trainer (blue), its children (orange); descriptors of the trainer at most %d</text>\n", top, fds
        printf "<text x=\"640\" y=\"314\">%.1f h</text><text x=\"44\" y=\"314\">0</text>\n</svg>\n", last / 3600
    }
    function draw(y, color,   i) {
        printf "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"", color
        for (i = 0; i < n; i++) printf "%.1f,%.1f ", 50 + 620 * t[i] / last, 300 - 270 * y[i] / top
        print "\"/>"
    }' "$out.csv" >"$out.svg"
# The second and the last quarter of the samples: what grows shows there.
awk -F, 'NR > 1 && $2 > 0 { m[n] = $2; c[n] = $3; f[n] = $4; k[n] = $5; n++ }
    END { q = int(n / 4)
        for (i = q; i < 2 * q; i++) { m1 += m[i]; c1 += c[i]; f1 += f[i]; k1 += k[i] }
        for (i = n - q; i < n; i++) { m2 += m[i]; c2 += c[i]; f2 += f[i]; k2 += k[i] }
        if (q > 0) printf "samples %d; second and last quarter, means: trainer %.1f and %.1f MiB, children %.1f and %.1f MiB, descriptors of the trainer %.1f and %.1f, of the children %.1f and %.1f\n", n, m1 / q / 1024, m2 / q / 1024, c1 / q / 1024, c2 / q / 1024, f1 / q, f2 / q, k1 / q, k2 / q }' "$out.csv"
