# own_apt.sh - an apt with nothing of the machine's but Debian's keys, for sysroot.sh and sysroot_win64.sh, which read
# it with `.` when arch, suites, keyring, work, root and log are set. Then:
#     fetch SUITE PACKAGE...     unpack them, each into $work/debs/PACKAGE
#     licence PACKAGE NAME       keep its copyright file as licences/NAME.txt
#     source_of NAME PACKAGE     bookworm's source of it, unpacked in $unpacked; keeps its copyright file
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/debs" "$work/source" "$work/none"
: >"$work/status"
mirror=${KATA_DEBIAN_MIRROR:-http://deb.debian.org/debian}
for suite in $suites; do echo "deb [signed-by=$keyring arch=$arch] $mirror $suite main"; done >"$work/sources.list"
echo "deb-src [signed-by=$keyring] $mirror bookworm main" >>"$work/sources.list"
cat >"$work/apt.conf" <<CONF
Dir::State "$work";
Dir::State::status "$work/status";
Dir::State::lists "$work/lists";
Dir::Cache "$work";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "$work/none";
Dir::Etc::parts "$work/none";
APT::Architecture "$arch";
APT::Architectures "$arch";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
export APT_CONFIG="$work/apt.conf"
apt-get -q update >>"$log" 2>&1 || refuse "apt-get update failed: $(tail -n 1 "$log")"

fetch() {
    suite=$1
    shift
    for package in "$@"; do
        # The archive's index names a version for each suite; download PACKAGE/SUITE takes that one.
        (cd "$work/archives" && apt-get -q download "$package/$suite") >>"$log" 2>&1 ||
            refuse "Debian $suite: $package could not be downloaded: $(tail -n 1 "$log")"
        deb=$(ls "$work/archives/${package}"_*.deb)
        dpkg-deb -x "$deb" "$work/debs/$package"
        dpkg-deb -W --showformat='${Package} ${Version} ('"$suite"')\n' "$deb" >>"$root/packages.txt"
        rm "$deb"
    done
}
licence() {
    cp "$work/debs/$1/usr/share/doc/$1/copyright" "$root/licences/$2.txt"
}
source_of() {
    (cd "$work/source" && apt-get -q source "$2/bookworm") >>"$log" 2>&1 ||
        refuse "the source of $2 could not be had: $(tail -n 1 "$log")"
    unpacked=$(find "$work/source" -mindepth 1 -maxdepth 1 -type d -name "$2-*")
    (cd "$unpacked" && dpkg-parsechangelog -S Version) | sed "s/.*/$2 & (bookworm, from source)/" >>"$root/packages.txt"
    cp "$unpacked/debian/copyright" "$root/licences/$1.txt"
}
