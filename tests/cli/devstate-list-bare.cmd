# exit 69
export PBXCTL_CONFIG=ami.conf
chmod 600 ami.secret
python3 $SOURCE/tests/support/asterisk_manager.py +bare pbxctl devstate list
python3 $SOURCE/tests/support/asterisk_manager.py +bare pbxctl devstate list --kind device
