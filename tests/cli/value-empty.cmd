pbxctl config show store --config=
