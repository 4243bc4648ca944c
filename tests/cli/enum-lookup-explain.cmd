python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    pbxctl enum lookup +441632960084 --explain --server $DNS --suffix e164.arpa,e164.example
    pbxctl enum lookup +441632960085 --explain --server $DNS' | sed -E "s/[0-9.]+ ms/N ms/; s/127.0.0.1:[0-9]+/SERVER/"
