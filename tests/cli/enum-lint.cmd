pbxctl enum lint lint.zone; echo "exit $?"
sed -n 1,8p lint.zone | pbxctl enum lint -; echo "exit $?"
sed -n 1,12p lint.zone | pbxctl enum lint - --json; echo "exit $?"
pbxctl enum lint missing.zone
pbxctl enum lint lint.zone --origin a..b
pbxctl enum lint /dev/null; echo "exit $?"
