relay="python3 $SOURCE/tests/support/relay_status.py"
$relay pbxctl devstate top --interval 100ms
