# exit 1
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c 'pbxctl enum lookup +441632960083 --service h323 --server $DNS'
