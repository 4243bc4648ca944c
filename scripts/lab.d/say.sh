# shellcheck shell=bash
# scripts/lab.d/say.sh: words for people, on stderr, so that stdout holds answers alone.

say() { printf 'lab: %s\n' "$*" >&2; }

fail() {
    local code=$1
    shift
    say "$*"
    exit "$code"
}
