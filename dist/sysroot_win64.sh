#!/bin/sh
# sysroot_win64.sh FOLDER - make the folder that a build for Windows compiles and links against.
# sysroot_win64.sh --can  - exit 1 and say what is missing when that cannot be done here.
#
#     dist/sysroot_win64.sh ~/.cache/kata/sysroots/win64
#
# The C library and Windows' own headers are mingw-w64's, from the machine's packages: gcc-mingw-w64-x86-64-posix and
# what it needs. From Debian 12, by an apt of its own inside the folder: zlib for mingw-w64, libretro's headers, and the
# sources of cJSON, libzip, lz4 and stb, built here as static libraries. Nothing of the machine is changed.
# Leaves FOLDER/packages.txt (names and versions) and FOLDER/licences/ (Debian's copyright files of what is linked in).
# FOLDER appears when it is complete; logs are in FOLDER.log.
set -eu
[ $# = 1 ] || { echo "usage: $0 --can|FOLDER" >&2; exit 2; }
folder=$1
[ ! -e "$folder" ] || exit 0
here=$(dirname "$0")
triplet=x86_64-w64-mingw32
cc=$triplet-gcc
log=$folder.log
refuse() {
    echo "sysroot_win64.sh: $1" >&2
    exit 1
}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
missing=
for tool in apt-get dpkg-deb dpkg-source cmake zip "$cc" $triplet-windres; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
done
[ -r $keyring ] || missing="$missing $keyring"
[ -n "$missing" ] || [ "$("$cc" -v 2>&1 | sed -n 's/^Thread model: //p')" = posix ] || missing=" a $cc with POSIX threads"
if [ "$folder" = --can ]; then
    [ -z "$missing" ] || { echo "missing:$missing"; exit 1; }
    exit 0
fi
[ -z "$missing" ] ||
    refuse "missing:$missing (Debian's packages: apt, dpkg-dev, cmake, zip, debian-archive-keyring, gcc-mingw-w64-x86-64-posix)"
mkdir -p "$(dirname "$folder")"
: >"$log"
work=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
root=$work/root
mkdir -p "$root/licences" "$root/usr/include" "$root/usr/lib/$triplet"

arch=amd64 suites=bookworm
. "$here/own_apt.sh"

# ---- from packages -------------------------------------------------------------------------------
fetch bookworm libz-mingw-w64-dev retroarch-dev
cp "$work/debs/libz-mingw-w64-dev/usr/$triplet/lib/libz.a" "$root/usr/lib/$triplet/"
cp "$work/debs/libz-mingw-w64-dev/usr/$triplet/include/"z*.h "$root/usr/include/"
cp -r "$work/debs/retroarch-dev/usr/include/libretro-common" "$root/usr/include/"
licence libz-mingw-w64-dev zlib
licence retroarch-dev libretro-headers
for package in gcc-mingw-w64-x86-64-posix mingw-w64-x86-64-dev; do
    dpkg-query -W -f '${Package} ${Version} (of this machine)\n' $package >>"$root/packages.txt"
done
cp /usr/share/doc/mingw-w64-x86-64-dev/copyright "$root/licences/mingw-w64.txt"
cp /usr/share/doc/gcc-mingw-w64-base/copyright "$root/licences/GCC.txt"

# ---- from sources --------------------------------------------------------------------------------
flags="-O2 -DCJSON_HIDE_SYMBOLS -ffile-prefix-map=$work=. -Wa,-muse-unaligned-vector-move"
cat >"$work/mingw.cmake" <<CMAKE
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER $cc)
set(CMAKE_RC_COMPILER $triplet-windres)
set(CMAKE_FIND_ROOT_PATH $root/usr)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
CMAKE
build() {
    name=$1 package=$2
    shift 2
    source_of "$name" "$package"
    cmake -S "$unpacked" -B "$work/build-$name" -DCMAKE_TOOLCHAIN_FILE="$work/mingw.cmake" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_C_FLAGS="$flags" -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR="lib/$triplet" \
        -DBUILD_SHARED_LIBS=OFF "$@" >>"$log" 2>&1 &&
        cmake --build "$work/build-$name" >>"$log" 2>&1 &&
        DESTDIR="$root" cmake --install "$work/build-$name" >>"$log" 2>&1 ||
        refuse "$package could not be built: see $log"
}
# archive LIBRARY SOURCE_FILE...: without a build system.
archive() {
    library=$1
    shift
    mkdir -p "$work/objects"
    for file in "$@"; do
        "$cc" $flags -c "$file" -o "$work/objects/$(basename "$file").o" >>"$log" 2>&1 || refuse "$file could not be compiled: see $log"
    done
    $triplet-ar rcsD "$root/usr/lib/$triplet/$library" "$work/objects"/*.o
    rm -r "$work/objects"
}
build cJSON cjson -DENABLE_CJSON_TEST=OFF -DENABLE_CJSON_UTILS=OFF -DENABLE_CUSTOM_COMPILER_FLAGS=OFF
build libzip libzip -DENABLE_COMMONCRYPTO=OFF -DENABLE_GNUTLS=OFF -DENABLE_MBEDTLS=OFF -DENABLE_OPENSSL=OFF \
    -DENABLE_WINDOWS_CRYPTO=OFF -DENABLE_BZIP2=OFF -DENABLE_LZMA=OFF -DENABLE_ZSTD=OFF \
    -DZLIB_LIBRARY="$root/usr/lib/$triplet/libz.a" -DZLIB_INCLUDE_DIR="$root/usr/include" \
    -DBUILD_TOOLS=OFF -DBUILD_REGRESS=OFF -DBUILD_EXAMPLES=OFF -DBUILD_DOC=OFF
source_of lz4 lz4
archive liblz4.a "$unpacked/lib/lz4.c"
cp "$unpacked/lib/lz4.h" "$root/usr/include/"
source_of stb libstb
mkdir "$root/usr/include/stb"
for header in image image_resize image_write truetype; do
    cp "$unpacked/stb_$header.h" "$root/usr/include/stb/"
    macro=$(echo $header | tr a-z A-Z)
    printf '#define STB_%s_IMPLEMENTATION\n#include "%s"\n' "$macro" "$unpacked/stb_$header.h" >"$work/stb_$header.c"
done
archive libstb.a "$work"/stb_*.c

echo "# $folder is complete: dist/platforms.mk" >"$root/sysroot.mk"
sort -o "$root/packages.txt" "$root/packages.txt"
mv -T "$root" "$folder" 2>/dev/null || [ -e "$folder" ] || refuse "$folder could not be written"
