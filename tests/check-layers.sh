#!/bin/sh
# check-layers.sh "room:rooms it may see:outside headers (regex)"... - refuse an #include that a room may not have.
# A room is its folder and the folders in it. That no two headers have one name, house.sh checks.
set -eu
export standard room sees outside
standard='^(assert|ctype|errno|float|inttypes|limits|locale|math|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|time|wchar|dirent|dlfcn|fcntl|fenv|ftw|glob|poll|pthread|sched|semaphore|termios|unistd|immintrin|linux/[a-z_]*|windows|sys/[a-z_]*)\.h$'
# includes FILE... - "FILE HEADER" for each #include; a pattern that no file matches is passed over.
includes() {
    grep -HoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"][^>"]*' "$@" 2>/dev/null | sed 's|^\([^:]*\):.*[<"]|\1 |'
}
bad=$(for row in "$@"; do
    room=${row%%:*}; rest=${row#*:}; sees=${rest%%:*}; outside=${rest#*:}
    {
        for r in $room $sees; do ls "$r"/*.h "$r"/*/*.h 2>/dev/null || true; done | sed 's|.*/||'
        includes "$room"/*.[ch] "$room"/*/*.[ch] || true
    } | awk '
        NF == 1 { may[$1] = 1 }
        NF == 2 && !($2 in may) && $2 !~ ENVIRON["standard"] && $2 !~ "^(" ENVIRON["outside"] ")$" {
            print $1 ": may not include " $2 ": " ENVIRON["room"] " sees only: " ENVIRON["room"] " " \
                ENVIRON["sees"] " " ENVIRON["outside"]
        }'
done)
[ -z "$bad" ] || { printf '%s\n' "$bad" >&2; exit 1; }
