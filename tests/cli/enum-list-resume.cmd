# exit 74
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    pbxctl enum lookup - --server $DNS --format csv < numbers.txt > whole
    (head -n 3 whole; echo -n +4416329600) > found
    pbxctl enum lookup - --server $DNS --format csv --resume found < numbers.txt
    echo "exit $?"
    cmp whole found && echo the same
    pbxctl enum lookup - --server $DNS --format csv --resume found < numbers.txt
    echo "exit $?"
    cmp whole found && echo the same
    pbxctl enum lookup - --server $DNS --format csv --column phone --resume found < phones.csv
    pbxctl enum lookup - --server $DNS --resume found < numbers.txt
    sort -r numbers.txt | pbxctl enum lookup - --server $DNS --format csv --resume found
    cmp whole found && echo untouched
    pbxctl enum lookup - --server $DNS --resume absent/found < numbers.txt
    pbxctl enum lookup - --server $DNS --resume . < numbers.txt'
