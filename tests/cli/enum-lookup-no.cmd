# exit 1
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c 'pbxctl enum lookup +441632960087 --server $DNS'
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c 'pbxctl enum lookup "1234*256" --server $DNS'
