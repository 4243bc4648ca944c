pbxctl enum publish +441632960083 --uri sip:a@example.com
pbxctl enum publish '+44 (1632) 960083' --uri sips:a@example.com --uri tel:+441632960084 --order 50 --ttl 1h --place 2 --sig 'ver:enum|abc='
pbxctl enum publish +441632960083 --uri foo:bar --service x-foo --days 30 --json
