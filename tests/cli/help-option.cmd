pbxctl config check --connect --help
