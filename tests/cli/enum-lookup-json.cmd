python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    pbxctl enum lookup +441632960084 --json --server $DNS
    pbxctl enum lookup +441632960086 --json --server $DNS
    pbxctl enum lookup +441632960083 --json --dial pjsip:trunk --server $DNS
    pbxctl enum lookup +441632960087 --json --server $DNS
    pbxctl enum lookup 01632960087 --json --server $DNS' | sed -E "s/\"ms\":[0-9.e-]+/\"ms\":N/"
