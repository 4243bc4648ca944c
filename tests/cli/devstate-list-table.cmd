# tty out
export PBXCTL_CONFIG=ami.conf
chmod 600 ami.secret
python3 $SOURCE/tests/support/asterisk_manager.py pbxctl devstate list
python3 $SOURCE/tests/support/asterisk_manager.py pbxctl devstate get 101@internal
