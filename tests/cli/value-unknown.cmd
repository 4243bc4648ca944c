# exit 64
pbxctl config check --color=sometimes
