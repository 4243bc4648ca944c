# exit 78
pbxctl --config ami.conf devstate relay
