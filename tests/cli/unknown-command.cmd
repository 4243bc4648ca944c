# exit 64
pbxctl verison
