# exit 64
pbxctl config check --everything
