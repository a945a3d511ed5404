#!/bin/sh
# check-layers.sh "room:rooms it may see:outside headers (regex)"... - refuse an #include that a room may not have.
# A room is its folder and the folders in it. That no two headers have one name, house.sh checks.
set -eu
bad=0
standard='^(assert|ctype|errno|float|inttypes|limits|locale|math|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|time|wchar|dirent|dlfcn|fcntl|fenv|ftw|glob|poll|pthread|sched|semaphore|termios|unistd|immintrin|linux/[a-z_]*|windows|sys/[a-z_]*)\.h$'
for row in "$@"; do
    room=${row%%:*}; rest=${row#*:}; sees=${rest%%:*}; outside=${rest#*:}
    headers=$(for r in $room $sees; do ls "$r"/*.h "$r"/*/*.h 2>/dev/null || true; done | sed 's|.*/||')
    for file in "$room"/*.c "$room"/*.h "$room"/*/*.c "$room"/*/*.h; do
        [ -f "$file" ] || continue
        for header in $(sed -n 's/^[ \t]*#[ \t]*include[ \t]*[<"]\([^>"]*\)[>"].*/\1/p' "$file"); do
            printf '%s\n' "$header" | grep -Eq "$standard" && continue
            [ -n "$outside" ] && printf '%s\n' "$header" | grep -Exq "$outside" && continue
            printf '%s\n' "$headers" | grep -Fxq "$header" && continue
            echo "$file: may not include $header: $room sees only: $room $sees ${outside:-}" >&2
            bad=1
        done
    done
done
exit $bad
