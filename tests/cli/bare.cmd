# exit 64
pbxctl
