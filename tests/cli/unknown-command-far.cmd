# exit 64
pbxctl reboot
