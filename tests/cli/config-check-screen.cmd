# exit 78
# tty out
pbxctl --config faulty.conf config check --color=always
