#!/bin/sh
# sysroot.sh PLATFORM FOLDER - make the folder that a build for other machines compiles and links against.
# sysroot.sh --can PLATFORM  - exit 1 and say what is missing when that cannot be done here.
#
#     dist/sysroot.sh linux-x86_64 ~/.cache/kata/sysroots/linux-x86_64
#
# PLATFORM: linux-x86_64 or linux-arm64. From Debian's archive, by an apt of its own inside the folder: the machine's
# lists, sources and packages are not changed, and no root is needed.
#   Debian 11   glibc 2.31 and the kernel's headers: what is linked against them starts on Debian 11 and all later;
#               cmocka's shared library, for tests.
#   Debian 12   static libraries: OpenBLAS, lz4, stb, zlib, ncurses; libretro's headers.
#   source      cJSON and libzip, which Debian has as shared libraries only: from the source packages of Debian 12,
#               libzip without OpenSSL, bzip2, xz and zstd.
# Leaves FOLDER/packages.txt (names and versions) and FOLDER/licences/ (Debian's copyright files of what is linked in).
# Needs apt, dpkg-dev, cmake and the compiler. FOLDER appears when it is complete; logs are in FOLDER.log.
set -eu
can=false
if [ "${1:-}" = --can ]; then
    can=true
    set -- "${2:-}" /nowhere
fi
platform=${1:-}
folder=${2:-}
[ $# = 2 ] || platform=
case "$platform" in
linux-x86_64) arch=amd64 triplet=x86_64-linux-gnu cc=gcc ;;
linux-arm64) arch=arm64 triplet=aarch64-linux-gnu cc=aarch64-linux-gnu-gcc ;;
*)
    echo "usage: $0 [--can] linux-x86_64|linux-arm64 [FOLDER]" >&2
    exit 2
    ;;
esac
[ ! -e "$folder" ] || exit 0

log=$folder.log
refuse() {
    echo "sysroot.sh: $1" >&2
    exit 1
}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
missing=
for tool in apt-get dpkg-deb dpkg-source cmake zip "$cc"; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
done
[ -r $keyring ] || missing="$missing $keyring"
machine=$("$cc" -print-multiarch 2>/dev/null || true)
[ -n "$missing" ] || [ "$machine" = $triplet ] || missing=" a $cc for $triplet"
if $can; then
    [ -z "$missing" ] || { echo "missing:$missing"; exit 1; }
    exit 0
fi
[ -z "$missing" ] ||
    refuse "missing:$missing (Debian's packages: apt, dpkg-dev, cmake, zip, debian-archive-keyring, gcc-aarch64-linux-gnu)"
mkdir -p "$(dirname "$folder")"
: >"$log"
work=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
root=$work/root
mkdir -p "$root/licences"

suites='bullseye bookworm'
. "$(dirname "$0")/own_apt.sh"

fetch bullseye libc6 libc6-dev linux-libc-dev libcmocka0 libcmocka-dev
fetch bookworm libopenblas-serial-dev libopenblas-pthread-dev liblz4-dev libstb-dev zlib1g-dev libncurses-dev libtinfo6 \
    retroarch-dev
for package in libc6 libc6-dev linux-libc-dev libcmocka0 libcmocka-dev; do
    cp -a "$work/debs/$package/." "$root/"
done
# Of the others headers and archives only: a shared library that is not there cannot be linked by mistake.
for package in libopenblas-serial-dev libopenblas-pthread-dev liblz4-dev libstb-dev zlib1g-dev libncurses-dev retroarch-dev; do
    (cd "$work/debs/$package" && find usr \( -path 'usr/include/*' -o -name '*.a' \) ! -type d |
        tar -c -T - | tar -x -C "$root")
done
# Debian's links begin at /, which would be the machine's.
find "$root" -type l -lname '/*' | while read -r link; do ln -sfrn "$root$(readlink "$link")" "$link"; done
rm -rf "$root/usr/share" "$root/usr/bin" "$root/sbin" "$root/etc"
licence libopenblas-serial-dev OpenBLAS
licence liblz4-dev lz4
licence libstb-dev stb
licence zlib1g-dev zlib
licence libtinfo6 ncurses
licence retroarch-dev libretro-headers

# ---- cJSON and libzip from source ---------------------------------------------------------------
# The same flags as dist/platforms.mk.
flags="--sysroot=$root -nostdinc -isystem $("$cc" -print-file-name=include) -isystem $root/usr/include/$triplet \
-isystem $root/usr/include -B$root/usr/lib/$triplet -B$root/lib/$triplet"
# build NAME SOURCE_PACKAGE CMAKE_OPTION...
build() {
    name=$1 package=$2
    shift 2
    source_of "$name" "$package"
    cmake -S "$unpacked" -B "$work/build-$name" -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER="$cc" \
        -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="${triplet%%-*}" \
        -DCMAKE_C_FLAGS="$flags -O2 -fPIC -fvisibility=hidden -ffile-prefix-map=$work=." \
        -DCMAKE_FIND_ROOT_PATH="$root" -DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER \
        -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY \
        -DCMAKE_LIBRARY_ARCHITECTURE="$triplet" \
        -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR="lib/$triplet" -DBUILD_SHARED_LIBS=OFF "$@" >>"$log" 2>&1 &&
        cmake --build "$work/build-$name" >>"$log" 2>&1 &&
        DESTDIR="$root" cmake --install "$work/build-$name" >>"$log" 2>&1 ||
        refuse "$package could not be built: see $log"
}
build cJSON cjson -DENABLE_CJSON_TEST=OFF -DENABLE_CJSON_UTILS=OFF -DENABLE_CUSTOM_COMPILER_FLAGS=OFF
build libzip libzip -DENABLE_COMMONCRYPTO=OFF -DENABLE_GNUTLS=OFF -DENABLE_MBEDTLS=OFF -DENABLE_OPENSSL=OFF \
    -DENABLE_WINDOWS_CRYPTO=OFF -DENABLE_BZIP2=OFF -DENABLE_LZMA=OFF -DENABLE_ZSTD=OFF \
    -DBUILD_TOOLS=OFF -DBUILD_REGRESS=OFF -DBUILD_EXAMPLES=OFF -DBUILD_DOC=OFF

echo "# $folder is complete: dist/platforms.mk" >"$root/sysroot.mk"
sort -o "$root/packages.txt" "$root/packages.txt"
mv -T "$root" "$folder" 2>/dev/null || [ -e "$folder" ] || refuse "$folder could not be written"
