pbxctl --config doubled.conf config check --json
