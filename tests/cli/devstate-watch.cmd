export PBXCTL_CONFIG=ami.conf
chmod 600 ami.secret
python3 $SOURCE/tests/support/asterisk_manager.py +restart bash -c 'pbxctl -q devstate watch --json | head -n 11' | sed -E 's/"gap_ms":[0-9]+/"gap_ms":N/; s/127.0.0.1:[0-9]+/ADDRESS/'
python3 $SOURCE/tests/support/asterisk_manager.py +restart bash -c 'pbxctl -q devstate watch "PJSIP/1*" | head -n 4'
