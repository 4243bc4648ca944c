source "$SOURCE/completions/pbxctl.bash"
export PBXCTL_CONFIG=good.conf
try() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _pbxctl 2>/dev/null
    printf '%s|' "$@"
    printf ' %s' "${COMPREPLY[@]}"
    echo
}
try pbxctl con
try pbxctl config ""
try pbxctl --config x config ch
try pbxctl config check --con
try pbxctl --color a
try pbxctl help config ""
try pbxctl completion z
try pbxctl oksana run sh
