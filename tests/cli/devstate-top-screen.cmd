# exit 130
# tty out
export TERM=xterm COLUMNS=100 LINES=16
python3 $SOURCE/tests/support/relay_status.py +int3 pbxctl devstate top --interval 100ms
