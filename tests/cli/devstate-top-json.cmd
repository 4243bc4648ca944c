# exit 143
set -o pipefail
python3 $SOURCE/tests/support/relay_status.py +down2 +term4 pbxctl devstate top --json --interval 100ms | sed -E 's/127.0.0.1:[0-9]{5}/ADDRESS/g'
