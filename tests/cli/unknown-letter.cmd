# exit 64
pbxctl config check -x
