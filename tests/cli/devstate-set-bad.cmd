export PBXCTL_CONFIG=ami.conf
chmod 600 ami.secret
for words in 'PJSIP/101 INUSE' 'Custom: INUSE' 'Custom:a/b INUSE' 'Custom:a UNKNOWN' 'Custom:a LIT' 'CustomPresence:a lit' \
    "Custom:$(printf '%080d' 1) INUSE"; do
    pbxctl devstate set $words; echo $?
done
python3 $SOURCE/tests/support/asterisk_manager.py +readonly pbxctl devstate set Custom:day INUSE 2>&1 | sed -E 's/127.0.0.1:[0-9]+/ADDRESS/'
