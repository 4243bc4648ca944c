# exit 78
PBXCTL_LOG_LEVEL=loud pbxctl config check
