export PBXCTL_CONFIG=ami.conf
chmod 600 ami.secret
{
    python3 $SOURCE/tests/support/asterisk_manager.py +refuse pbxctl devstate get Custom:night; echo $?
    python3 $SOURCE/tests/support/asterisk_manager.py +ssh pbxctl devstate get Custom:night; echo $?
    PBXCTL_AMI_PORT=1 pbxctl devstate get Custom:night; echo $?
    PBXCTL_CONFIG=empty.conf pbxctl devstate get Custom:night; echo $?
} 2>&1 | sed -E 's/127.0.0.1:[0-9]{2,}/ADDRESS/'
