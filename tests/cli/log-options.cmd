pbxctl --config doubled.conf config show store
pbxctl --config doubled.conf config show store -q
pbxctl --config doubled.conf config show store --log-format json
