pbxctl config --help
