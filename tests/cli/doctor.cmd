chmod 600 tg.secret
pbxctl --config good.conf doctor | cut -f 1,2
