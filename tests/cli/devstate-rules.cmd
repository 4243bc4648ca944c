# exit 78
pbxctl --config lamps.conf config check
