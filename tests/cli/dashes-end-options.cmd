# exit 1
pbxctl config show -- --json
