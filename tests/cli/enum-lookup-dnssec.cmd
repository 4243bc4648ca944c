PBXCTL_ENUM_TRUST_ANCHOR=missing.key pbxctl enum lookup +441632960083 --dnssec --server 127.0.0.1:9
PBXCTL_ENUM_TRUST_ANCHOR=faulty.conf pbxctl enum lookup +441632960083 --dnssec --server 127.0.0.1:9
pbxctl enum lookup +441632960083 --dnssec --profile enumer
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    PBXCTL_ENUM_TRUST_ANCHOR=anchor.key pbxctl enum lookup +441632960084 --dnssec --explain --server $DNS
    echo "exit $?"' | sed -E "s/[0-9.]+ ms/N ms/; s/127.0.0.1:[0-9]+/SERVER/; s/,--server,[^,]*//"
