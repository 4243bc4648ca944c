export PBXCTL_CONFIG=ami.conf
chmod 600 ami.secret
python3 $SOURCE/tests/support/asterisk_manager.py pbxctl devstate list
python3 $SOURCE/tests/support/asterisk_manager.py pbxctl devstate list 'P*/1*' --kind device
python3 $SOURCE/tests/support/asterisk_manager.py pbxctl devstate list --kind mailbox
python3 $SOURCE/tests/support/asterisk_manager.py pbxctl devstate list --json
python3 $SOURCE/tests/support/asterisk_manager.py pbxctl devstate list nobody; echo $?
python3 $SOURCE/tests/support/asterisk_manager.py +old pbxctl devstate list
