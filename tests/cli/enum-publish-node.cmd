umask 077
echo pass >node.secret
echo wrong >wrong.secret
export PBXCTL_ENUMER_USER=user PBXCTL_ENUMER_SECRET_FILE=node.secret
$SOURCE/tests/support/emercoin_node.py emercoin.json bash -c '
    echo "- over one'"'"'s own name, the signature stays"
    pbxctl enum publish +441632960083 --uri sip:a@example.com --rpc $NODE
    echo "- beside somebody else'"'"'s"
    pbxctl enum publish +441632960084 --uri sip:a@example.com --rpc $NODE --json
    pbxctl enum publish +441632960084 --uri sip:a@example.com --rpc $NODE --place 0 || echo "exit $?"
    echo "- written, then there is nothing to do"
    export PBXCTL_ENUMER_RPC=$NODE
    pbxctl enum publish +441632960083 --uri sip:a@example.com --submit
    pbxctl enum publish +441632960083 --uri sip:a@example.com --submit
    echo "- not let in"
    PBXCTL_ENUMER_SECRET_FILE=wrong.secret pbxctl enum publish +441632960083 --uri sip:a@example.com --submit 2>wrong
    echo "exit $?"
    sed -E "s/:[0-9]+:/:PORT:/" wrong'
