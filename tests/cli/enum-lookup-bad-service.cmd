# exit 64
pbxctl enum lookup +441632960083 --service 'sip tel'
