python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    pbxctl enum lookup - --server $DNS < numbers.txt
    echo "exit $?"
    pbxctl enum lookup - --server $DNS --service all --dial pjsip:trunk --format csv < numbers.txt
    echo "exit $?"
    pbxctl enum lookup - --server $DNS --print uri --record 2 < numbers.txt
    echo +441632960083 | pbxctl enum lookup - --server $DNS
    echo "exit $?"
    pbxctl enum lookup - --server $DNS < /dev/null
    echo "exit $?"'
