pbxctl devstate dialplan --digits 3-4 b.example.com
pbxctl devstate dialplan --presence
