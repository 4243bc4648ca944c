# exit 64
pbxctl version now
