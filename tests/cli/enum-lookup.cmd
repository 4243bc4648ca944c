python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    pbxctl enum lookup +441632960083 --server $DNS
    pbxctl enum lookup "+44 (1632) 960-083" --server $DNS --service tel,voice:tel
    pbxctl enum lookup "1234*256" --server $DNS --suffix e164.example,freenum.org'
