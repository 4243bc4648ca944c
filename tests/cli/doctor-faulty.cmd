# exit 78
pbxctl --config faulty.conf doctor
