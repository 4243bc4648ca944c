# exit 64
pbxctl devstate dialplan --digits 4-2 b.example.com
