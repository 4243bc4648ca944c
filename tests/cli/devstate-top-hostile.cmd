relay="python3 $SOURCE/tests/support/relay_status.py +hostile"
$relay pbxctl devstate top --interval 100ms | cat -v
$relay +int2 pbxctl devstate top --json --interval 100ms | grep -c '[[:cntrl:]]' || true
