# tty out
pbxctl --config good.conf config show "voice anna" --color always
