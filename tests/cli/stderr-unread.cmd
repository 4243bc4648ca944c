# exit 64
pbxctl config chek 2>/dev/null
