export PBXCTL_ENUM_COUNTRY=44 PBXCTL_ENUM_TRUNK=0 PBXCTL_ENUM_INTERNATIONAL=00
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    pbxctl enum lookup 01632960083 --server $DNS --print uri
    pbxctl enum lookup 00441632960083 --server $DNS --print uri'
