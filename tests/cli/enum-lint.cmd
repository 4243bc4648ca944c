pbxctl enum lint lint.zone; echo "exit $?"
sed -n 1,8p lint.zone | pbxctl enum lint -; echo "exit $?"
sed -n 1,12p lint.zone | pbxctl enum lint - --json; echo "exit $?"
pbxctl enum lint missing.zone
pbxctl enum lint lint.zone --origin a..b
pbxctl enum lint /dev/null; echo "exit $?"
printf '\033[31mx\302\233 NAPTR nothing\n' | pbxctl enum lint -
pbxctl enum lint "$(printf 'no\033[2Jsuch')"; echo "exit $?"
