# exit 64
pbxctl --verbos config check
