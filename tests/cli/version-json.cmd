pbxctl version --json | python3 -c 'import json, sys; d = json.load(sys.stdin); print(sorted(d), sorted(d["libraries"]), [x["name"] for x in d["drivers"] if x["file"]])'
