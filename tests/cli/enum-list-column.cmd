# exit 65
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    pbxctl enum lookup - --server $DNS --column phone < phones.csv
    pbxctl enum lookup - --server $DNS --column 2 < phones.csv
    pbxctl enum lookup - --server $DNS --column fone < phones.csv'
