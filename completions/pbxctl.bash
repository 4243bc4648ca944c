# bash completion of pbxctl, made by `pbxctl completion bash`
# shellcheck shell=bash

_pbxctl_dialogs() {
    local folder file
    folder=$(pbxctl config show oksana 2>/dev/null | awk -F '\t' '$2 == "dialogs" { print $3 }')
    for file in "$folder"/*.conf; do
        [[ -e $file ]] && basename "$file" .conf
    done
}

_pbxctl_offer() {
    mapfile -t COMPREPLY < <(compgen "$@" -- "${COMP_WORDS[COMP_CWORD]}")
}

_pbxctl() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command="" i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            --config | --log-level | --log-format | --color) ((i++)) ;;
            -*) ;;
            *)
                case $command in
                    "" | oksana | enum | devstate | config) command="${command:+$command }${COMP_WORDS[i]}" ;;
                esac
                ;;
        esac
    done
    case $command:$prev in
        *:--config) compopt -o filenames; _pbxctl_offer -f; return ;;
        *:--log-level) _pbxctl_offer -W "debug info warning error off"; return ;;
        *:--log-format) _pbxctl_offer -W "text json"; return ;;
        *:--color) _pbxctl_offer -W "auto always never"; return ;;
        "oksana run":--ear) :; return ;;
        "oksana run":--voice) :; return ;;
        "oksana check":--sounds) compopt -o filenames; _pbxctl_offer -d; return ;;
        "oksana talk":--voice) compopt -o filenames; _pbxctl_offer -f; return ;;
        "oksana talk":--language) _pbxctl_offer -W "en ru"; return ;;
        "oksana talk":--ear) :; return ;;
        "oksana test":--only) :; return ;;
        "oksana draw":--form) _pbxctl_offer -W "text dot svg mermaid"; return ;;
        "oksana report":--saved) :; return ;;
        "oksana report":--most) :; return ;;
        "oksana report":--dialog) :; return ;;
        "oksana report":--outcome) :; return ;;
        "oksana report":--caller) :; return ;;
        "oksana deliver":--retry) :; return ;;
        "oksana deliver":--health-listen) :; return ;;
        "oksana deliver":--most) :; return ;;
        "oksana forget":--older) :; return ;;
        "enum lookup":--print) _pbxctl_offer -W "uri dial count status"; return ;;
        "enum lookup":--dial) :; return ;;
        "enum lookup":--service) :; return ;;
        "enum lookup":--suffix) :; return ;;
        "enum lookup":--server) :; return ;;
        "enum lookup":--timeout) :; return ;;
        "enum lookup":--record) :; return ;;
        "enum lookup":--profile) _pbxctl_offer -W "e164 enumer"; return ;;
        "enum lookup":--branch) _pbxctl_offer -W "none cc txt ebl"; return ;;
        "enum lookup":--compat) _pbxctl_offer -W "none asterisk"; return ;;
        "enum lookup":--listen) :; return ;;
        "enum lookup":--http) :; return ;;
        "enum lookup":--health-listen) :; return ;;
        "enum lookup":--column) :; return ;;
        "enum lookup":--format) _pbxctl_offer -W "tsv csv json"; return ;;
        "enum lookup":--resume) compopt -o filenames; _pbxctl_offer -f; return ;;
        "enum lookup":--rate) :; return ;;
        "enum diff":--service) :; return ;;
        "enum diff":--timeout) :; return ;;
        "enum diff":--column) :; return ;;
        "enum diff":--rate) :; return ;;
        "enum publish":--uri) :; return ;;
        "enum publish":--service) :; return ;;
        "enum publish":--order) :; return ;;
        "enum publish":--preference) :; return ;;
        "enum publish":--ttl) :; return ;;
        "enum publish":--sig) :; return ;;
        "enum publish":--place) :; return ;;
        "enum publish":--days) :; return ;;
        "enum publish":--rpc) :; return ;;
        "enum lint":--origin) :; return ;;
        "devstate relay":--server) :; return ;;
        "devstate relay":--peer) :; return ;;
        "devstate relay":--listen) :; return ;;
        "devstate relay":--via) :; return ;;
        "devstate relay":--health-listen) :; return ;;
        "devstate top":--from) :; return ;;
        "devstate top":--interval) :; return ;;
        "devstate list":--kind) _pbxctl_offer -W "device extension presence mailbox"; return ;;
        "devstate get":--print) _pbxctl_offer -W "state hint subtype message new old kind name"; return ;;
        "devstate get":--kind) _pbxctl_offer -W "device extension presence mailbox"; return ;;
        "devstate watch":--kind) _pbxctl_offer -W "device extension presence mailbox"; return ;;
        "devstate dialplan":--digits) :; return ;;
        help:oksana) _pbxctl_offer -W "run check talk test draw report deliver forget"; return ;;
        help:enum) _pbxctl_offer -W "lookup diff publish lint"; return ;;
        help:devstate) _pbxctl_offer -W "relay top list get set watch dialplan"; return ;;
        help:config) _pbxctl_offer -W "check show"; return ;;
    esac
    if [[ $cur == -* ]]; then
        local own=""
        case $command in
            "oksana run") own="--record --ear --voice" ;;
            "oksana check") own="--render --sounds" ;;
            "oksana talk") own="--voice --language --ear" ;;
            "oksana test") own="--only" ;;
            "oksana draw") own="--form" ;;
            "oksana report") own="--saved --most --dialog --outcome --caller" ;;
            "oksana deliver") own="--list --retry --serve --health-listen --most" ;;
            "oksana forget") own="--older --dry-run -n --saved" ;;
            "enum lookup") own="--print --no-newline -n --dial --explain --service --suffix --server --timeout --dnssec --record --profile --verify --branch --any-length --compat --serve --listen --http --health-listen --column --format --resume --again --rate" ;;
            "enum diff") own="--service --timeout --column --rate" ;;
            "enum publish") own="--uri --service --order --preference --ttl --sig --place --days --rpc --submit" ;;
            "enum lint") own="--origin" ;;
            "devstate relay") own="--once --dry-run -n --server --peer --listen --via --health-listen" ;;
            "devstate top") own="--from --interval --once" ;;
            "devstate list") own="--kind" ;;
            "devstate get") own="--print --no-newline -n --kind" ;;
            "devstate set") own="--dry-run -n" ;;
            "devstate watch") own="--kind" ;;
            "devstate dialplan") own="--digits --presence" ;;
            "config check") own="--connect" ;;
        esac
        _pbxctl_offer -W "$own --config --json --quiet -q --verbose -v --log-level --log-format --color --help -h --version"
        return
    fi
    case $command in
        "") _pbxctl_offer -W "oksana enum devstate config doctor completion version help" ;;
        oksana) _pbxctl_offer -W "run check talk test draw report deliver forget" ;;
        enum) _pbxctl_offer -W "lookup diff publish lint" ;;
        devstate) _pbxctl_offer -W "relay top list get set watch dialplan" ;;
        config) _pbxctl_offer -W "check show" ;;
        "oksana run") compopt -o filenames; _pbxctl_offer -f -W "$(_pbxctl_dialogs)" ;;
        "oksana check") compopt -o filenames; _pbxctl_offer -f -W "$(_pbxctl_dialogs)" ;;
        "oksana talk") compopt -o filenames; _pbxctl_offer -f -W "$(_pbxctl_dialogs)" ;;
        "oksana test") compopt -o filenames; _pbxctl_offer -f -W "$(_pbxctl_dialogs)" ;;
        "oksana draw") compopt -o filenames; _pbxctl_offer -f -W "$(_pbxctl_dialogs)" ;;
        "enum lint") compopt -o filenames; _pbxctl_offer -f ;;
        "completion") _pbxctl_offer -W "bash zsh fish" ;;
        "help") _pbxctl_offer -W "oksana enum devstate config doctor completion version help" ;;
    esac
}

complete -F _pbxctl pbxctl
