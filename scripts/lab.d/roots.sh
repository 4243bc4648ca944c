# shellcheck shell=bash
# scripts/lab.d/roots.sh: which Asterisk an instance is, and the Debian root folder that brings it.
# Debian 12 has no asterisk package: 22 comes from forky, 16 from bullseye. Each is laid once by mmdebstrap into a folder
# of the cache (about a minute and 350 MB) and is only read from then on.

# The major version is all that is promised, for forky moves.
version_of() {
    case $1 in
        a | b) echo 22 ;;
        c) echo 16 ;;
        *) fail 64 "no such instance: $1 (a, b or c)" ;;
    esac
}

suite_of() {
    case $(version_of "$1") in
        22) echo forky ;;
        16) echo bullseye ;;
    esac
}

root_of() { echo "$LAB_CACHE/$1"; }

# No chroot: a root's Asterisk is run by that root's own loader and libraries, so it sees this machine's files, and the
# programs it starts by AGI are this machine's own with this machine's libraries (--library-path is not inherited).
# /lib64's link may be absolute, so the loader is named by its true place.
asterisk_of_root() {
    local libraries=$1/usr/lib/x86_64-linux-gnu:$1/lib/x86_64-linux-gnu:$1/usr/lib
    echo "$1/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 --library-path $libraries $1/usr/sbin/asterisk"
}

modules_of_root() {
    local place
    for place in "$1"/usr/lib/x86_64-linux-gnu/asterisk/modules "$1/usr/lib/asterisk/modules"; do
        if [ -e "$place/res_agi.so" ]; then
            echo "$place"
            return
        fi
    done
    return 1
}

root_is_whole() {
    local -a asterisk
    read -ra asterisk < <(asterisk_of_root "$1")
    [ -x "${asterisk[0]}" ] && modules_of_root "$1" > /dev/null && "${asterisk[@]}" -V 2> /dev/null | grep -q '^Asterisk '
}

# One run makes a root, others wait for it; a broken one is made again; what is half made is never seen under its name.
ensure_root() {
    local suite=$1 root lock
    root=$(root_of "$suite")
    ! root_is_whole "$root" || return 0
    mkdir -p "$LAB_CACHE"
    exec {lock}> "$LAB_CACHE/$suite.lock"
    flock "$lock"
    root_is_whole "$root" || make_root "$suite" "$root"
    exec {lock}>&-
}

make_root() {
    local suite=$1 root=$2 draft=$2.draft log=$2.log started=$SECONDS
    command -v mmdebstrap > /dev/null || fail 69 "mmdebstrap is missing; scripts/install-deps installs it"
    say "$suite: laying Asterisk into $root (about a minute)"
    rm -rf "$root" "$draft"
    # their package lists may be past their date; no mirror is named: mmdebstrap's default serves
    if ! mmdebstrap --variant=minbase --components=main --include=asterisk,ca-certificates \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
        "$suite" "$draft" > "$log" 2>&1; then
        tail -n 20 "$log" >&2
        fail 69 "$suite: mmdebstrap failed; the whole log is $log"
    fi
    root_is_whole "$draft" || fail 70 "$suite: mmdebstrap ended well, but $draft holds no Asterisk that runs"
    mv "$draft" "$root"
    say "$suite: ready after $((SECONDS - started)) s"
}
