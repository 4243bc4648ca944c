pbxctl help config check
