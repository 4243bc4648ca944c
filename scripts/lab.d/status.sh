# shellcheck shell=bash
# scripts/lab.d/status.sh: what runs, as a table or as JSON.

port_of() { sed -n "s/^$2_PORT=//p" "$1/ports"; }

# name, version, state, process, uptime in seconds, AMI, HTTP, SIP and chan_sip port; "-" where there is none
status_line() {
    local name=$1 dir version pid=- uptime=- state=down answer oldsip=-
    dir=$(folder_of "$name") version=$(version_of "$name")
    [ "$version" != 16 ] || oldsip=$(port_of "$dir" OLDSIP)
    if pid=$(pid_of "$name"); then
        uptime=$(ps -o etimes= -p "$pid" | tr -d ' ')
        state=booting
        answer=$(ask "$name" 'core show version' 2> /dev/null | cut -d' ' -f2) || answer=
        [[ $answer != "$version".* ]] || { version=${answer%%[~+]*} && state=up; }
    fi
    echo "$name $version $state ${pid:--} ${uptime:--} $(port_of "$dir" AMI) $(port_of "$dir" HTTP) $(port_of "$dir" SIP) $oldsip"
}

lab_status() {
    local name
    case ${1:-} in
        --json) for name in $(instances); do status_line "$name"; done | status_json ;;
        '') for name in $(instances); do status_line "$name"; done | status_table ;;
        *) fail 64 "status: unknown option: $1" ;;
    esac
}

status_table() {
    awk 'BEGIN { row = "%-5s %-8s %-8s %-8s %-8s %-6s %-6s %-6s %s\n"
                 printf row, "NAME", "VERSION", "STATE", "PID", "UPTIME", "AMI", "HTTP", "SIP", "CHAN_SIP" }
         { printf row, $1, $2, $3, $4, ($5 == "-" ? "-" : $5 " s"), $6, $7, $8, $9 }'
}

status_json() {
    awk -v run="$LAB_RUN" '
        function number(word) { return word == "-" ? "null" : word }
        BEGIN { printf "[" }
        {
            printf "%s{\"name\":\"%s\",\"version\":\"%s\",\"state\":\"%s\"", (NR > 1 ? "," : ""), $1, $2, $3
            printf ",\"pid\":%s,\"uptime_seconds\":%s", number($4), number($5)
            printf ",\"ami\":%s,\"http\":%s,\"sip\":%s,\"chan_sip\":%s", $6, $7, $8, number($9)
            printf ",\"folder\":\"%s/%s\"}", run, $1
        }
        END { print "]" }'
}
