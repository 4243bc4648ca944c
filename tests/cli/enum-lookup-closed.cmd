# exit 69
# nothing listens there any more: its port was free a moment ago
port=$(python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
pbxctl enum lookup +441632960083 --server 127.0.0.1:$port 2>&1 | sed -E 's/127.0.0.1:[0-9]+/SERVER/'
exit ${PIPESTATUS[0]}
