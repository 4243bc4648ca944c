# exit 64
# tty in out
pbxctl oksana run short
