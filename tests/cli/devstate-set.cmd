export PBXCTL_CONFIG=ami.conf
chmod 600 ami.secret
python3 $SOURCE/tests/support/asterisk_manager.py bash -c '
    pbxctl devstate set Custom:day ringing && pbxctl devstate get Custom:day --print state
    pbxctl devstate set -n custom:day busy
    pbxctl devstate set -n CustomPresence:101 dnd,,lunch --json'
