#!/usr/bin/env python3
"""An Emercoin node's JSON-RPC on a free port of loopback: emercoin_node.py NAMES COMMAND...; runs COMMAND with its URL in $NODE.

NAMES is a JSON file, {"name": {"value", "address"}}; addresses that begin with "mine" are the wallet's. Login: user, pass.
"""
import base64
import http.server
import json
import os
import subprocess
import sys
import threading

LOGIN = "Basic " + base64.b64encode(b"user:pass").decode()
with open(sys.argv[1], encoding="utf-8") as file:
    names = json.load(file)


def answer(method, parameters):
    if method == "getblockchaininfo":
        return {"blocks": 600000, "headers": 600000, "initialblockdownload": False}
    if method == "getnetworkinfo":
        return {"connections": 8}
    if method == "getaddressinfo":
        return {"ismine": parameters[0].startswith("mine")}
    if method == "name_show":
        return names[parameters[0]] | {"name": parameters[0], "expires_in": 60000}
    names[parameters[0]] = {"value": parameters[1], "address": "mine"}
    return "a" * 64


class Node(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, reply = 200, {"result": None, "error": None}
        if self.headers.get("Authorization") != LOGIN:
            status = 401
        else:
            try:
                reply["result"] = answer(call["method"], call["params"])
            except KeyError:
                status, reply["error"] = 500, {"code": -4, "message": "failed to read from name DB"}
        body = json.dumps(reply).encode() if status != 401 else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Node)
threading.Thread(target=server.serve_forever, daemon=True).start()
done = subprocess.run(sys.argv[2:], env=os.environ | {"NODE": f"http://127.0.0.1:{server.server_port}"}, check=False)
sys.exit(done.returncode)
