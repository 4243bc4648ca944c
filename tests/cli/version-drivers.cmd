# a driver is looked for beside the binary, but not where anybody could have put it
mkdir -p x/y drivers
cp "$(readlink -f "$(command -v pbxctl)")" x/y/pbxctl
touch drivers/curl.so
x/y/pbxctl version --json | grep -o "$PWD/drivers/curl.so"
chmod o+w drivers
x/y/pbxctl version --json | grep -c "$PWD/drivers/curl.so"
true
