# exit 64
pbxctl config check --json=yes
