# addresses that changed are told of at HUP, not silently left; a monitor is answered where --health-listen says
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    port=$(python3 -c "import socket; s = socket.create_server((\"127.0.0.1\", 0)); print(s.getsockname()[1])")
    printf "[enum]\nhttp = 127.0.0.1:0\nserver = $DNS\n" > serve.conf
    coproc service { exec pbxctl --config serve.conf enum lookup --serve --health-listen 127.0.0.1:$port --log-level warning 2>&1; }
    pid=$service_PID  # bash forgets it when the service has ended
    until (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do kill -0 "$pid" || exit; done
    exec 3<>/dev/tcp/127.0.0.1/$port
    printf "GET /healthz HTTP/1.0\r\n\r\n" >&3
    tr -d "\r" <&3 | tail -n 1
    printf "[enum]\nhttp = 127.0.0.1:1\nserver = $DNS\n" > serve.conf
    kill -HUP "$pid"
    read -r line <&"${service[0]}"
    echo "$line"
    kill -TERM "$pid"
    wait "$pid"
    echo "exit $?"'
