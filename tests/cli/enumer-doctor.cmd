umask 077
echo pass >node.secret
export PBXCTL_ENUMER_USER=user PBXCTL_ENUMER_SECRET_FILE=node.secret PBXCTL_ENUMER_SERVER=127.0.0.1:1
$SOURCE/tests/support/emercoin_node.py emercoin.json bash -c '
    PBXCTL_ENUMER_RPC=$NODE pbxctl doctor | grep "\[enumer\]"
    PBXCTL_ENUMER_RPC=$NODE PBXCTL_ENUMER_TRUST=ver:other pbxctl doctor | grep "\[enumer\] trust"'
PBXCTL_ENUMER_RPC=http://127.0.0.1:1 pbxctl config check --connect | grep "\[enumer\]"
