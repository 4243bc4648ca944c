# exit 69
# tty out
export NO_COLOR=1
exec 2>&1
python3 $SOURCE/tests/support/relay_status.py bash -c 'pbxctl devstate top --once --interval 100ms --from $RELAY --from 127.0.0.1:1'
