pbxctl --config good.conf config show store --json
