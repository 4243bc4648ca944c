# exit 64
pbxctl completion tcsh
