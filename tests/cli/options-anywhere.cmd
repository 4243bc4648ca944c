pbxctl --config good.conf config show store
pbxctl config --config good.conf show store
pbxctl config show store --config good.conf
pbxctl config show --config=good.conf store
pbxctl -qv config show store --config empty.conf --config good.conf
