# what doctor says of the service's doors: answered, closed, and somebody else's
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    coproc service { exec pbxctl enum lookup --http 127.0.0.1:0 --listen 127.0.0.1:0 --server $DNS --log-level info 2>&1; }
    pid=$service_PID  # bash forgets it when the service has ended
    while [ -z "$agi" ] || [ -z "$http" ]; do
        read -r line <&"${service[0]}" || break
        case $line in *"http on "*) http=${line##*:} ;; *"fastagi on "*) agi=${line##*:} ;; esac
    done
    look() {
        PBXCTL_ENUM_LISTEN=127.0.0.1:$1 PBXCTL_ENUM_HTTP=127.0.0.1:$2 PBXCTL_ENUM_SERVER=$DNS pbxctl --config good.conf doctor |
            grep -E "enum\] (listen|http)"
    }
    look $agi $http
    look $http $agi
    kill -TERM "$pid"
    wait "$pid"
    look $agi $http' | sed -E 's/127.0.0.1:[0-9]+/ADDRESS/'
