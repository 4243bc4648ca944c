# exit 78
PBXCTL_ENUM_SUFFIX=e164..arpa pbxctl enum lookup +441632960083
