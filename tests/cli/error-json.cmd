# exit 64
pbxctl config chek --json
