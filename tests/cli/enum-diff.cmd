python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    OLD=$DNS python3 $SOURCE/tests/support/name_server.py moved.zone bash -c "
        pbxctl enum diff @\$OLD @\$DNS moved.txt
        echo \"exit \$?\"
        head -n 5 moved.txt | pbxctl enum diff @\$OLD @\$DNS --json
        echo \"exit \$?\"
        pbxctl enum diff e164.arpa@\$OLD e164.arpa@\$DNS --service voice:tel --column phone phones.csv
        echo \"exit \$?\"
        head -n 1 moved.txt | pbxctl enum diff @\$OLD freenum.org@\$OLD
        echo \"exit \$?\"
        pbxctl enum diff @\$OLD @127.0.0.1:1 --timeout 300ms moved.txt
        echo \"exit \$?\""'
