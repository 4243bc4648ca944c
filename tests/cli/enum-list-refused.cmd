for words in '+441632960083 --column 2' '- --explain' '- --print uri --resume found' \
    '- --print uri --json' '- --print uri --format json' '- --json --format csv' '- -n' '+441632960083 --print uri --json' \
    '+441632960083 --health-listen 127.0.0.1:0' '- --rate 0' '- --format xml' \
    '- --again' '+441632960083 --again' '- --profile enumer --verify' '- --dnssec'; do
    pbxctl enum lookup $words --server 127.0.0.1:1 < numbers.txt
    echo "exit $?"
done
