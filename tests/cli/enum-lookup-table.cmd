# tty out
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c 'pbxctl enum lookup +441632960083 --service all --server $DNS --color never'
