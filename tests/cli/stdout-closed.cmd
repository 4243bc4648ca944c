# exit 74
pbxctl version >&-
