# exit 78
chmod 644 tg.secret
pbxctl --config good.conf config check --connect
chmod 600 tg.secret
rmdir sounds recordings 2>/dev/null || rm -r sounds recordings
printf '[dialog]\nstart = helo\n[hello]\nhangup\n' > dialogs/short.conf
echo 'not a database, though it has the name of one' > pbxctl.db
pbxctl --config good.conf config check --connect
