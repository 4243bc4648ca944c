pbxctl help
