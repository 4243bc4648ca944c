export PBXCTL_CONFIG=ami.conf
chmod 600 ami.secret
printf '[relay]\nsecret = opensesame\nread = system\n' > manager.conf
{
    python3 $SOURCE/tests/support/asterisk_manager.py pbxctl doctor
    python3 $SOURCE/tests/support/asterisk_manager.py +bare pbxctl doctor
    python3 $SOURCE/tests/support/asterisk_manager.py +readonly pbxctl doctor
    PBXCTL_AMI_MANAGER_CONF=$PWD/manager.conf python3 $SOURCE/tests/support/asterisk_manager.py pbxctl config check --connect
    PBXCTL_AMI_PORT=1 pbxctl doctor
} | grep '\[ami\]'
