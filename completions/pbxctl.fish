# fish completion of pbxctl, made by `pbxctl completion fish`

function __pbxctl_dialogs
    set -l folder (pbxctl config show oksana 2>/dev/null | awk -F '\t' '$2 == "dialogs" { print $3 }')
    for file in $folder/*.conf
        basename $file .conf
    end
    __fish_complete_path (commandline -ct)
end

# the command so far: "", "config", "config check"
function __pbxctl_at
    set -l found
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case --config --log-level --log-format --color
                set skip 1
            case '-*'
            case '*'
                if contains -- "$found" '' help oksana enum config
                    set -a found $word
                end
        end
    end
    test "$found" = "$argv[1]"
end

complete -c pbxctl -f
complete -c pbxctl -l config -r -F -d 'use this pbxctl.conf and no other'
complete -c pbxctl -l json -d 'print results and errors as JSON'
complete -c pbxctl -l quiet -s q -d 'tell of errors only'
complete -c pbxctl -l verbose -s v -d 'tell more, -vv everything'
complete -c pbxctl -l log-level -r -f -a 'debug info warning error off' -d 'the least that is told'
complete -c pbxctl -l log-format -r -f -a 'text json' -d 'form of what is told'
complete -c pbxctl -l color -r -f -a 'auto always never' -d 'colours on stdout'
complete -c pbxctl -l help -s h -d 'show help'
complete -c pbxctl -l version -d 'show the version'
complete -c pbxctl -n '__pbxctl_at ""' -f -a oksana -d 'a voice robot that talks to callers by a dialog file'
complete -c pbxctl -n '__pbxctl_at ""' -f -a enum -d 'from telephone numbers to SIP addresses by ENUM'
complete -c pbxctl -n '__pbxctl_at ""' -f -a config -d 'the configuration: check it, show it'
complete -c pbxctl -n '__pbxctl_at ""' -f -a doctor -d 'look what is missing on this machine, and what mends it'
complete -c pbxctl -n '__pbxctl_at ""' -f -a completion -d 'print the completion script of a shell'
complete -c pbxctl -n '__pbxctl_at ""' -f -a version -d 'print the version, with --json the libraries and drivers too'
complete -c pbxctl -n '__pbxctl_at ""' -f -a help -d 'show help on a command'
complete -c pbxctl -n '__pbxctl_at "help"' -f -a oksana -d 'a voice robot that talks to callers by a dialog file'
complete -c pbxctl -n '__pbxctl_at "help"' -f -a enum -d 'from telephone numbers to SIP addresses by ENUM'
complete -c pbxctl -n '__pbxctl_at "help"' -f -a config -d 'the configuration: check it, show it'
complete -c pbxctl -n '__pbxctl_at "help"' -f -a doctor -d 'look what is missing on this machine, and what mends it'
complete -c pbxctl -n '__pbxctl_at "help"' -f -a completion -d 'print the completion script of a shell'
complete -c pbxctl -n '__pbxctl_at "help"' -f -a version -d 'print the version, with --json the libraries and drivers too'
complete -c pbxctl -n '__pbxctl_at "help"' -f -a help -d 'show help on a command'
complete -c pbxctl -n '__pbxctl_at "help oksana"' -f -a run -d 'take this call: AGI() and EAGI() of the dialplan start it'
complete -c pbxctl -n '__pbxctl_at "help oksana"' -f -a check -d 'prove a dialog before a caller meets it'
complete -c pbxctl -n '__pbxctl_at "help oksana"' -f -a talk -d 'talk to her in the terminal: type, or give a recording'
complete -c pbxctl -n '__pbxctl_at "help oksana"' -f -a test -d 'play transcripts against a dialog, without a telephone'
complete -c pbxctl -n '__pbxctl_at "help oksana"' -f -a draw -d 'draw a dialog as a block diagram'
complete -c pbxctl -n '__pbxctl_at "help oksana"' -f -a report -d 'calls taken, their transcripts, and what they saved'
complete -c pbxctl -n '__pbxctl_at "help oksana"' -f -a deliver -d 'send what notify = left in the outbox'
complete -c pbxctl -n '__pbxctl_at "help oksana"' -f -a forget -d 'remove old calls, recordings and delivered messages'
complete -c pbxctl -n '__pbxctl_at "help enum"' -f -a lookup -d 'a telephone number\'s URIs, by ENUM'
complete -c pbxctl -n '__pbxctl_at "help enum"' -f -a diff -d 'hold two trees\' or two servers\' answers against each other'
complete -c pbxctl -n '__pbxctl_at "help enum"' -f -a publish -d 'put a number into ENUMER, Emercoin\'s ENUM'
complete -c pbxctl -n '__pbxctl_at "help enum"' -f -a lint -d 'judge a zone file\'s NAPTR records before they are loaded'
complete -c pbxctl -n '__pbxctl_at "help config"' -f -a check -d 'check pbxctl.conf: PASS, WARN or FAIL with file and line'
complete -c pbxctl -n '__pbxctl_at "help config"' -f -a show -d 'show every setting with its origin'
complete -c pbxctl -n '__pbxctl_at "oksana"' -f -a run -d 'take this call: AGI() and EAGI() of the dialplan start it'
complete -c pbxctl -n '__pbxctl_at "oksana run"' -l record -d 'record the whole call, by MixMonitor()'
complete -c pbxctl -n '__pbxctl_at "oksana run"' -l ear -r -f -d 'an [ear NAME], an engine, or none'
complete -c pbxctl -n '__pbxctl_at "oksana run"' -l voice -r -f -d 'a [voice NAME], an engine, or none'
complete -c pbxctl -n '__pbxctl_at "oksana run"' -f -a '(__pbxctl_dialogs)'
complete -c pbxctl -n '__pbxctl_at "oksana"' -f -a check -d 'prove a dialog before a caller meets it'
complete -c pbxctl -n '__pbxctl_at "oksana check"' -l render -d 'also speak every prompt into the cache, so that no call waits for the voice'
complete -c pbxctl -n '__pbxctl_at "oksana check"' -l sounds -r -f -a '(__fish_complete_directories (commandline -ct))' -d 'recorded files'
complete -c pbxctl -n '__pbxctl_at "oksana check"' -f -a '(__pbxctl_dialogs)'
complete -c pbxctl -n '__pbxctl_at "oksana"' -f -a talk -d 'talk to her in the terminal: type, or give a recording'
complete -c pbxctl -n '__pbxctl_at "oksana talk"' -l voice -r -F -d 'the caller\'s words, recorded; several answer one after another'
complete -c pbxctl -n '__pbxctl_at "oksana talk"' -l language -r -f -a 'en ru' -d 'the call\'s language'
complete -c pbxctl -n '__pbxctl_at "oksana talk"' -l ear -r -f -d 'an [ear NAME] or an engine'
complete -c pbxctl -n '__pbxctl_at "oksana talk"' -f -a '(__pbxctl_dialogs)'
complete -c pbxctl -n '__pbxctl_at "oksana"' -f -a test -d 'play transcripts against a dialog, without a telephone'
complete -c pbxctl -n '__pbxctl_at "oksana test"' -l only -r -f -d 'only tests whose name has these words in it'
complete -c pbxctl -n '__pbxctl_at "oksana test"' -f -a '(__pbxctl_dialogs)'
complete -c pbxctl -n '__pbxctl_at "oksana"' -f -a draw -d 'draw a dialog as a block diagram'
complete -c pbxctl -n '__pbxctl_at "oksana draw"' -l form -r -f -a 'text dot svg mermaid' -d 'text, dot and svg (Graphviz), or mermaid'
complete -c pbxctl -n '__pbxctl_at "oksana draw"' -f -a '(__pbxctl_dialogs)'
complete -c pbxctl -n '__pbxctl_at "oksana"' -f -a report -d 'calls taken, their transcripts, and what they saved'
complete -c pbxctl -n '__pbxctl_at "oksana report"' -l saved -r -f -d 'rows of save = TABLE: in a dialog'
complete -c pbxctl -n '__pbxctl_at "oksana report"' -l most -r -f -d 'so many calls, the newest'
complete -c pbxctl -n '__pbxctl_at "oksana report"' -l dialog -r -f -d 'calls of this dialog only'
complete -c pbxctl -n '__pbxctl_at "oksana report"' -l outcome -r -f -d 'finished, transferred, hungup or failed'
complete -c pbxctl -n '__pbxctl_at "oksana report"' -l caller -r -f -d 'calls from this number only'
complete -c pbxctl -n '__pbxctl_at "oksana"' -f -a deliver -d 'send what notify = left in the outbox'
complete -c pbxctl -n '__pbxctl_at "oksana deliver"' -l list -d 'show what is there, the newest first; send nothing'
complete -c pbxctl -n '__pbxctl_at "oksana deliver"' -l retry -r -f -d 'let a message wait again that was given up'
complete -c pbxctl -n '__pbxctl_at "oksana deliver"' -l serve -d 'stay and send whatever comes, until INT or TERM; HUP reads pbxctl.conf anew'
complete -c pbxctl -n '__pbxctl_at "oksana deliver"' -l health-listen -r -f -d 'with --serve: where /healthz and /metrics answer'
complete -c pbxctl -n '__pbxctl_at "oksana deliver"' -l most -r -f -d 'send or show so many at most'
complete -c pbxctl -n '__pbxctl_at "oksana"' -f -a forget -d 'remove old calls, recordings and delivered messages'
complete -c pbxctl -n '__pbxctl_at "oksana forget"' -l older -r -f -d 'what is older than that: 90d, 36h; required'
complete -c pbxctl -n '__pbxctl_at "oksana forget"' -l dry-run -s n -d 'only count what would be removed'
complete -c pbxctl -n '__pbxctl_at "oksana forget"' -l saved -d 'rows of save = too; without this they stay for ever'
complete -c pbxctl -n '__pbxctl_at "enum"' -f -a lookup -d 'a telephone number\'s URIs, by ENUM'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l print -r -f -a 'uri dial count status' -d 'print this alone'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l no-newline -s n -d 'nothing behind what --print prints, for SHELL()'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l dial -r -f -d 'print what Dial() takes: pjsip:TRUNK, sip, iax2 or local:CONTEXT'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l explain -d 'show each record, and the field and octet that ruled it out'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l service -r -f -d 'services to take: sip, tel, email:mailto, ... or all'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l suffix -r -f -d 'trees to ask, in turn'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l server -r -f -d 'a name server, with :PORT if it isn\'t 53; may be given several times'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l timeout -r -f -d 'how long it may take'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l dnssec -d 'validate the answers; what is bogus gives no URI'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l record -r -f -d 'the N-th URI instead of the first'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l profile -r -f -a 'e164 enumer' -d 'whom to ask'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l verify -d 'of enumer, only what a verifier of [enumer] trust signed'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l branch -r -f -a 'none cc txt ebl' -d 'infrastructure ENUM: where its label stands'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l any-length -d 'ask e164.arpa for more than 15 digits, too'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l compat -r -f -a 'none asterisk' -d 'read records as ENUMLOOKUP() does'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l serve -d 'stay, and answer FastAGI and HTTP where [enum] listen and http say'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l listen -r -f -d 'stay, and answer FastAGI there; may be given several times'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l http -r -f -d 'stay, and answer HTTP there; may be given several times'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l column -r -f -d 'of a list that is CSV: its number from 1, or its name in the first row'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l format -r -f -a 'tsv csv json' -d 'how a list comes out'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l resume -r -F -d 'write a list\'s rows there; go on behind those that it has'
complete -c pbxctl -n '__pbxctl_at "enum lookup"' -l rate -r -f -d 'begin so many numbers of a list a second at most'
complete -c pbxctl -n '__pbxctl_at "enum"' -f -a diff -d 'hold two trees\' or two servers\' answers against each other'
complete -c pbxctl -n '__pbxctl_at "enum diff"' -l service -r -f -d 'services to compare: sip, tel, email:mailto, ... or all'
complete -c pbxctl -n '__pbxctl_at "enum diff"' -l timeout -r -f -d 'how long a number may take'
complete -c pbxctl -n '__pbxctl_at "enum diff"' -l column -r -f -d 'the list is CSV: the column\'s number from 1, or its name'
complete -c pbxctl -n '__pbxctl_at "enum diff"' -l rate -r -f -d 'begin at most so many numbers a second'
complete -c pbxctl -n '__pbxctl_at "enum"' -f -a publish -d 'put a number into ENUMER, Emercoin\'s ENUM'
complete -c pbxctl -n '__pbxctl_at "enum publish"' -l uri -r -f -d 'where its calls go; several in their order; required'
complete -c pbxctl -n '__pbxctl_at "enum publish"' -l service -r -f -d 'the service after E2U+'
complete -c pbxctl -n '__pbxctl_at "enum publish"' -l order -r -f -d 'order of the records'
complete -c pbxctl -n '__pbxctl_at "enum publish"' -l preference -r -f -d 'preference of the first, others 10 more'
complete -c pbxctl -n '__pbxctl_at "enum publish"' -l ttl -r -f -d 'how long others may keep it'
complete -c pbxctl -n '__pbxctl_at "enum publish"' -l sig -r -f -d 'a verifier\'s signature of the name; kept by later updates'
complete -c pbxctl -n '__pbxctl_at "enum publish"' -l place -r -f -d 'the last part of the name'
complete -c pbxctl -n '__pbxctl_at "enum publish"' -l days -r -f -d 'how long the name is rented, or for how much longer'
complete -c pbxctl -n '__pbxctl_at "enum publish"' -l rpc -r -f -d 'ask this node what is there'
complete -c pbxctl -n '__pbxctl_at "enum publish"' -l submit -d 'let the node write it; costs coins. Without it nothing is written'
complete -c pbxctl -n '__pbxctl_at "enum"' -f -a lint -d 'judge a zone file\'s NAPTR records before they are loaded'
complete -c pbxctl -n '__pbxctl_at "enum lint"' -l origin -r -f -d 'of relative names before any $ORIGIN'
complete -c pbxctl -n '__pbxctl_at "enum lint"' -F
complete -c pbxctl -n '__pbxctl_at "config"' -f -a check -d 'check pbxctl.conf: PASS, WARN or FAIL with file and line'
complete -c pbxctl -n '__pbxctl_at "config check"' -l connect -d 'also try what it names: folders, the database, drivers, secrets'
complete -c pbxctl -n '__pbxctl_at "config"' -f -a show -d 'show every setting with its origin'
complete -c pbxctl -n '__pbxctl_at "completion"' -f -a 'bash zsh fish'
