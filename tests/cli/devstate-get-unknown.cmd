# exit 64
export PBXCTL_CONFIG=ami.conf
chmod 600 ami.secret
python3 $SOURCE/tests/support/asterisk_manager.py bash -c '
    for device in PJSIP/199 Custom:day 199@internal CustomPresence:199; do pbxctl devstate get $device; echo $?; done
    pbxctl devstate get PJSIP/101 --print hint'
