export PBXCTL_CONFIG=ami.conf
chmod 600 ami.secret
python3 $SOURCE/tests/support/asterisk_manager.py bash -c '
    pbxctl devstate get PJSIP/101
    pbxctl devstate get PJSIP/101 --print state -n; echo .
    pbxctl devstate get 101@internal --json
    pbxctl devstate get 101@internal --print hint
    pbxctl devstate get CustomPresence:101 --json
    pbxctl devstate get --kind mailbox 101@default --print new'
