# exit 65
pbxctl enum lookup wildcard-psi12321421 --server 127.0.0.1
