for words in '' '@127.0.0.1:1' '@127.0.0.1:1 @127.0.0.1:1' '@127.0.0.1:1 @ns.example' '@ e164.example' 'a..b @127.0.0.1:1' \
    '@127.0.0.1:1 @127.0.0.1:2 absent' '@127.0.0.1:1 @127.0.0.1:2 --service e2u+sip' '@127.0.0.1:1 @127.0.0.1:2 --rate none'; do
    pbxctl enum diff $words < moved.txt
    echo "exit $?"
done
