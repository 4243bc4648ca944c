pbxctl version
pbxctl --version
