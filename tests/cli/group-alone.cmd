# exit 64
pbxctl config
