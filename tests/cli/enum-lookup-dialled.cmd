# exit 65
pbxctl enum lookup 01632960083 --server 127.0.0.1
