# exit 78
pbxctl --config nowhere.conf config show
