# exit 74
pbxctl help > /dev/full
