exec 2>&1
relay="python3 $SOURCE/tests/support/relay_status.py"
try() {
    "$@" 2>&1 | sed -E 's/127.0.0.1:[0-9]{5}/ADDRESS/g'
    echo "exit ${PIPESTATUS[0]}"
}
try pbxctl devstate top
try pbxctl devstate top --from 9100
try pbxctl devstate top --from 127.0.0.1:9100 --interval 1
try pbxctl devstate top --from 127.0.0.1:9100 --interval 10ms
try $relay +gone pbxctl devstate top
try $relay +gone pbxctl --json devstate top
try $relay +older pbxctl devstate top
try $relay +silent pbxctl devstate top
try $relay +down1 pbxctl devstate top
