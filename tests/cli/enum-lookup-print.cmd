python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    look() { pbxctl enum lookup --server $DNS "$@"; echo "|$?"; }
    look +441632960083 --print uri -n
    look +441632960083 --print uri --record 2
    look +441632960083 --print count
    look +441632960083 --print status
    look +441632960083 --print status --record 3 -q
    look +441632960087 --print status -q
    look +441632960083 --dial pjsip:trunk
    look +441632960083 --dial sip -n
    look +441632960086 --dial local:pstn
    look +441632960086 --dial pjsip:trunk
    look +441632960083 --print dial'
