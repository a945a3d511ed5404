#!/bin/sh
# check_binary.sh FILE... - does FILE (kata or kata_libretro.so) start on every Linux since Debian 11? Exit 1 and a
# line for each reason why not:
#   - it needs a library other than glibc's own
#   - it needs a symbol version of glibc newer than 2.31, or one of another library
#   - it exports a name: a core only libretro's retro_*, the command line none but glibc's variables that it copies
# and kata.exe or kata_libretro.dll: on every Windows 10? Then it needs none but these of Windows' own libraries.
#   - a path of the machine it was built on is in it
# CROSS: prefix of the binutils that read FILE.
set -eu
allowed='libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1'
newest=2.31
export LC_ALL=C
bad=0
complain() {
    echo "check_binary.sh: $file: $1" >&2
    bad=1
}
[ $# -gt 0 ] || { echo "usage: $0 FILE..." >&2; exit 2; }
windows='KERNEL32.dll msvcrt.dll ADVAPI32.dll'
holds_path() {
    here=$(cd "$(dirname "$0")/.." && pwd)
    if grep -q -F -e "$here" "$file"; then complain "holds the path $here"; fi
}
check_windows() {
    "${CROSS:-}objdump" -p "$file" >/dev/null 2>&1 || { complain "is no program or library of Windows"; return; }
    for library in $("${CROSS:-}objdump" -p "$file" | sed -n 's/.*DLL Name: //p'); do
        case " $windows " in
        *" $library "*) ;;
        *) complain "needs $library" ;;
        esac
    done
    exported=$("${CROSS:-}objdump" -p "$file" | awk '/^\[Ordinal\/Name Pointer\] Table/ { on = 1; next } on && NF == 0 { on = 0 } on { print $NF }')
    case "$file" in
    *.dll)
        echo "$exported" | grep -qx retro_run || complain "has no retro_run"
        exported=$(echo "$exported" | grep -v '^retro_' || true)
        ;;
    esac
    [ -z "$exported" ] || complain "exports $(echo $exported | cut -c 1-200)"
    holds_path
}
for file in "$@"; do
    case "$file" in *.exe | *.dll)
        check_windows
        continue
        ;;
    esac
    needs=$("${CROSS:-}readelf" -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
    [ -n "$needs" ] || complain "no list of needed libraries: is it a shared ELF file?"
    for library in $needs; do
        case " $allowed " in
        *" $library "*) ;;
        *) complain "needs $library" ;;
        esac
    done
    # "Name: GLIBC_2.17  Flags: none  Version: 6" of the section of needed versions
    for version in $("${CROSS:-}readelf" -V -W "$file" |
        awk '/^Version needs section/ { on = 1 } /^Version definition section/ { on = 0 }
             on && /Name: / { sub(/.*Name: /, ""); print $1 }' | sort -u); do
        case "$version" in
        GLIBC_PRIVATE) complain "needs $version" ;;
        GLIBC_*) [ "$(printf '%s\n' "${version#GLIBC_}" "$newest" | sort -V | tail -n 1)" = "$newest" ] ||
            complain "needs $version, newer than $newest" ;;
        *) complain "needs symbol version $version" ;;
        esac
    done
    case "$file" in
    *.so) exported=$("${CROSS:-}nm" -D --defined-only "$file" | awk '$3 !~ /^retro_/ { print $3 }') ;;
    *) exported=$("${CROSS:-}nm" -D --defined-only "$file" | awk '$3 !~ /@GLIBC_/ { print $3 }') ;;
    esac
    [ -z "$exported" ] || complain "exports $(echo $exported | cut -c 1-200)"
    case "$file" in
    *.so) "${CROSS:-}nm" -D --defined-only "$file" | grep -q ' T retro_run$' || complain "has no retro_run" ;;
    esac
    holds_path
done
exit $bad
