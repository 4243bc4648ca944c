# a service asked by HTTP and by FastAGI, then ended
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    coproc service { exec pbxctl enum lookup --http 127.0.0.1:0 --listen 127.0.0.1:0 --server $DNS --log-level info 2>&1; }
    pid=$service_PID  # bash forgets it when the service has ended
    while [ -z "$agi" ] || [ -z "$http" ]; do
        read -r line <&"${service[0]}" || break
        case $line in *"http on "*) http=${line##*:} ;; *"fastagi on "*) agi=${line##*:} ;; esac
    done
    get() {
        exec 3<>/dev/tcp/127.0.0.1/$http
        printf "GET %s HTTP/1.0\r\n\r\n" "$1" >&3
        tr -d "\r" <&3
        echo
    }
    get /enum/+441632960083
    get "/enum/+441632960083?dial=pjsip:trunk"
    get "/enum/+441632960083?print=count"
    get /enum/+441632960087
    get /enum/nonsense
    exec 3<>/dev/tcp/127.0.0.1/$agi
    printf "agi_network: yes\nagi_network_script: enum?number=+441632960083&dial=pjsip:trunk\n\n" >&3
    while read -r command <&3; do
        echo "$command"
        echo "200 result=1" >&3
    done
    kill -TERM "$pid"
    wait "$pid"
    echo "exit $?"' | sed -E 's/max-age=[0-9]+/max-age=N/'
