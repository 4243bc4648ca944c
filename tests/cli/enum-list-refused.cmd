for words in '+441632960083 --column 2' '- --explain' '- --print uri --resume found' '- --rate 0' '- --format xml' \
    '- --again' '+441632960083 --again' '- --profile enumer --verify' '- --dnssec'; do
    pbxctl enum lookup $words --server 127.0.0.1:1 < numbers.txt
    echo "exit $?"
done
