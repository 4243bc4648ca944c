# exit 65
# tty out
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    OLD=$DNS python3 $SOURCE/tests/support/name_server.py moved.zone bash -c "
        pbxctl enum diff @\$OLD @\$DNS moved.txt"'
