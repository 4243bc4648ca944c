export PBXCTL_LOG_FORMAT=json PBXCTL_VOICE_ANNA_VOICE=slt
pbxctl --config good.conf config show oksana | head -n 4
pbxctl --config good.conf config show "voice anna"
pbxctl --config good.conf config show tg
pbxctl --config good.conf config show log --log-level debug
