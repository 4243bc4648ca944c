# exit 64
pbxctl enum lookup +441632960083 --record 0
