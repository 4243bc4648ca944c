# shellcheck shell=bash
# scripts/lab.d/process.sh: starting an instance, waiting for it, asking it, stopping it.

# Its process: the one Asterisk noted, if that is alive and really is this folder's Asterisk.
pid_of() {
    local dir pid
    dir=$(folder_of "$1")
    pid=$(cat "$dir/run/asterisk.pid" 2> /dev/null) || return 1
    [ -r "/proc/$pid/cmdline" ] || return 1
    tr '\0' ' ' < "/proc/$pid/cmdline" | grep -qF -- "-C $dir/etc/asterisk.conf" && echo "$pid"
}

ask() { timeout 20 "$(folder_of "$1")/asterisk" -rx "$2"; }

start_instance() {
    local name=$1 dir lock block_lock
    dir=$(folder_of "$name")
    # its control socket is there, and a socket's path is 107 characters at most
    ((${#dir} <= 80)) || fail 64 "$dir: too long a path for a socket; set PBXCTL_LAB_RUN to a shorter one"
    mkdir -p "$dir"
    chmod 0700 "$dir"
    exec {lock}> "$dir/lock"
    flock "$lock"
    if pid_of "$name" > /dev/null; then
        say "$name: runs already"
    else
        take_block # sets block and block_lock
        write_folder "$name"
        # it keeps the lock of its block of ports and lets go of its folder's
        (cd "$dir" && exec setsid "$dir/asterisk" -f {lock}>&-) > "$dir/log/console" 2>&1 < /dev/null &
        exec {block_lock}>&-
        wait_pid "$name" $!
    fi
    exec {lock}>&-
}

# The folder's lock is kept until Asterisk has noted its process, or a second `up` would start another.
wait_pid() {
    local name=$1 child=$2 left=100
    until pid_of "$name" > /dev/null; do
        kill -0 "$child" 2> /dev/null || gave_up "$name" "ended at once"
        ((left--)) || gave_up "$name" "noted no process"
        sleep 0.1
    done
}

wait_booted() {
    local name=$1 deadline=$((SECONDS + LAB_BOOT_LIMIT)) version
    until ask "$name" 'core waitfullybooted' 2> /dev/null | grep -q 'fully booted'; do
        pid_of "$name" > /dev/null || gave_up "$name" "ended while it booted"
        ((SECONDS < deadline)) || gave_up "$name" "not booted after $LAB_BOOT_LIMIT s"
        sleep 0.1
    done
    # 16.28 says so up to a moment before it knows its commands
    until version=$(ask "$name" 'core show version' | cut -d' ' -f1,2 | cut -d'~' -f1 | cut -d+ -f1) && [[ $version == Asterisk* ]]; do
        ((SECONDS < deadline)) || gave_up "$name" "does not know its version after $LAB_BOOT_LIMIT s, but says: $version"
        sleep 0.1
    done
    [[ $version == "Asterisk $(version_of "$name")."* ]] || gave_up "$name" "wanted $(version_of "$name"), but it is $version"
    say "$name: $version is up in $(folder_of "$name")"
}

gave_up() {
    local dir
    dir=$(folder_of "$1")
    tail -n 20 "$dir"/log/* >&2 || true
    fail 69 "$1: $2; its logs are in $dir/log"
}

# Asks it to stop, then makes it: a stop that waits for a stuck channel must not hold up a test.
stop_instance() {
    local name=$1 pid left=50
    pid=$(pid_of "$name") || return 0
    ask "$name" 'core stop now' > /dev/null 2>&1 || true
    while kill -0 "$pid" 2> /dev/null; do
        if ((left-- == 0)); then
            say "$name: did not stop within 5 s, killed"
            kill -KILL "$pid" 2> /dev/null || true
        fi
        sleep 0.1
    done
    say "$name: down"
}
