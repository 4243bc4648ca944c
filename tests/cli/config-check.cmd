pbxctl --config good.conf config check
