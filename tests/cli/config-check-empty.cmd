env -u PBXCTL_CONFIG HOME=/nonexistent pbxctl config check --config empty.conf
