# exit 64
pbxctl enum lookup +441632960083 --dial dahdi/1
