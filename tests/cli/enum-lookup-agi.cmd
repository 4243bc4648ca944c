# Asterisk's side of AGI() as res_agi.c does it: environment, then an answer to each line
export AST_AGI_DIR=/usr/share/asterisk/agi-bin
agi() {
    coproc line { pbxctl enum lookup "$@"; echo "exit $?" >&2; }
    printf 'agi_request: pbxctl\nagi_channel: Local/1@a\nagi_enhanced: 0.0\n\n' >&"${line[1]}"
    while read -r command <&"${line[0]}"; do
        echo "$command"
        echo '200 result=1' >&"${line[1]}"
    done 2>/dev/null
    wait
}
export -f agi
python3 $SOURCE/tests/support/name_server.py enum.zone bash -c '
    agi +441632960083 --dial pjsip:trunk --server $DNS
    agi +441632960087 --server $DNS
    agi nonsense --server $DNS
    agi +441632960083 --suffix .'
