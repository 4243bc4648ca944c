# exit 64
pbxctl help confg
