# shellcheck shell=bash
# scripts/lab.d/call.sh: a SIP call by SIPp that plays a sound file and hangs up at its end.

LAB_CALLER=${LAB_CALLER:-79000000000}

# Any sound file sox can read becomes the telephone's µ-law.
lab_call() {
    local name=$1 extension=$2 sound=$3 draft milliseconds
    [ -r "$sound" ] || fail 66 "no such sound file: $sound"
    draft=$(mktemp -d)
    sox "$sound" -r 8000 -c 1 -e u-law -b 8 -t raw "$draft/audio" || fail 65 "$sound: not a sound file that sox can read"
    milliseconds=$(($(stat -c %s "$draft/audio") / 8))
    sed "s|@AUDIO@|$draft/audio|g;s|@MILLISECONDS@|$milliseconds|g;s|@CALLER@|$LAB_CALLER|g" \
        "$LAB_HOME/sipp/caller.xml" > "$draft/caller.xml"
    if ! (cd "$draft" && sipp -sf caller.xml -s "$extension" -i 127.0.0.1 -m 1 -trace_err -nostdin \
        -timeout $((milliseconds / 1000 + 20)) "127.0.0.1:$(port_of "$(folder_of "$name")" SIP)" > screen 2>&1); then
        tail -n 20 "$draft"/screen "$draft"/*_errors.log >&2 || true
        rm -rf "$draft"
        fail 69 "$name: the call to $extension failed"
    fi
    rm -rf "$draft"
    say "$name: called $extension and played $sound, $milliseconds ms"
}
