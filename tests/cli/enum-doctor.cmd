python3 $SOURCE/tests/support/name_server.py enum.zone bash -c 'PBXCTL_ENUM_SERVER=$DNS pbxctl --config good.conf doctor | grep "enum\]" | sed -E "s/127.0.0.1:[0-9]+/SERVER/"'
PBXCTL_ENUM_SERVER=nowhere pbxctl --config good.conf doctor | grep 'enum\]'
PBXCTL_ENUM_SERVICE=, pbxctl --config good.conf config check --connect | grep 'enum\]'
