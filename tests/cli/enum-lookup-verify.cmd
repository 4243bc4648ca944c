umask 077
echo pass >node.secret
export PBXCTL_ENUMER_USER=user PBXCTL_ENUMER_SECRET_FILE=node.secret
python3 $SOURCE/tests/support/name_server.py enumer.zone $SOURCE/tests/support/emercoin_node.py emercoin.json bash -c '
    export PBXCTL_ENUM_PROFILE=enumer PBXCTL_ENUMER_SERVER=$DNS PBXCTL_ENUMER_RPC=$NODE
    pbxctl enum lookup +441632960083 --verify
    echo "- not signed"
    pbxctl enum lookup +441632960084
    pbxctl enum lookup +441632960084 --verify || echo "exit $?"
    pbxctl enum lookup +441632960084 --verify --explain | sed -E "s/, [0-9.]+ ms$/, N ms/; s/127.0.0.1:[0-9]+/SERVER/"
    echo "- without its password"
    PBXCTL_ENUMER_USER= PBXCTL_ENUMER_SECRET_FILE= pbxctl enum lookup +441632960083 --verify 2>wrong
    echo "exit $?"
    sed -E "s/:[0-9]+:/:PORT:/" wrong'
