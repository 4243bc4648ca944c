# exit 78
pbxctl --config dialogs config show
