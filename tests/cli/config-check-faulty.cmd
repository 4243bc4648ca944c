# exit 78
pbxctl --config faulty.conf config check
