#!/usr/bin/env python3
"""A devstate relay's /status for tests: relay_status.py [WAY...] COMMAND [ARGUMENT...]

Runs COMMAND with the address of 127.0.0.1 where it answers in $PBXCTL_SERVICE_HEALTH_LISTEN and $RELAY. Each time it is asked its relay
is a second older and has written 24 lamps more. Ways:
    +intN, +termN   COMMAND gets INT or TERM instead of answer N
    +downN          answer N is none: the connection ends
    +hostile        what it says would steer a terminal
    +older          a relay without /status
    +silent         it never answers
    +gone           nobody listens there
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading

STATES = {"NOT_INUSE": 30, "INUSE": 9, "RINGING": 4, "RINGINUSE": 1, "ONHOLD": 1}


def peer(**members):
    return {"kind": "link", "server": "", "dialled": True, "up": False, "trouble": "", "round_trip_us": None, "queued": 0, "in": 0,
            "out": 0, "bytes_in": 0, "bytes_out": 0} | members


def status(second, hostile):
    written = 24 * second
    trouble = "wss://c.example.com:8977/devstate: connection refused"
    return {
        "v": 1, "type": "status", "server": "a.example.com", "instance": 1795000000000000, "uptime_ms": 3723000 + 1000 * second,
        "trouble": "\x1b]0;owned\x07\x9b2J\u202e" if hostile else trouble, "asterisk_up": True,
        "own": {"items": 45, "states": STATES, "presences": 2},
        "shown": {"lamps": 90, "pending": 1, "refused_names": 0, "states": {"NOT_INUSE": 80, "INUSE": 9, "UNAVAILABLE": 1}, "presences": 0},
        "servers": [
            {"server": "b.example.com", "up": True, "dark": False, "distance": 1, "items": 44, "states": STATES, "presences": 0},
            {"server": "c.example.com", "up": False, "dark": True, "distance": 0, "items": 45, "states": {"INUSE": 45}, "presences": 0}],
        "links": [peer(server="b.example.com", address="192.0.2.7:8977", up=True, round_trip_us=840, out=second * 10, **{"in": written}),
                  peer(address="wss://c.example.com:8977/devstate", trouble="connection refused\x1b[31m" if hostile else "connection refused"),
                  peer(kind="broker", address="127.0.0.1:1883", up=True, round_trip_us=1500)],
        "counts": {"written": written, "suppressed": 3 * second, "refused": 0, "put_right": 1, "taken": 25 * second, "stale": 0, "echoes": 0},
        "lag": {"sum_s": 0.001 * written, "bounds_s": [0.0005, 0.001, 0.002, 0.005, 0.01, 5], "counts": [0, 20 * second, 3 * second, second, 0, 0, 0]},
    }


class Relay(threading.Thread):
    def __init__(self, ways):
        super().__init__(daemon=True)
        self.ways, self.asked, self.command, self.begun, self.held = ways, 0, None, threading.Event(), []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        if "gone" in ways:
            self.socket.close()
        else:
            self.start()

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            self.begun.wait()
            if self.answer(connection):
                connection.close()
            else:
                self.held.append(connection)

    def answer(self, connection):
        """False: the other side is left without one."""
        request = b""
        while b"\r\n\r\n" not in request:
            request += connection.recv(4096)
        self.asked += 1
        for name, number in ("int", signal.SIGINT), ("term", signal.SIGTERM):
            if f"{name}{self.asked}" in self.ways:
                self.command.send_signal(number)
                return False
        if "silent" in self.ways:
            return False
        if f"down{self.asked}" in self.ways:
            return True
        found = "older" not in self.ways and request.startswith(b"GET /status ")
        body = json.dumps(status(self.asked, "hostile" in self.ways)) if found else "/healthz or /metrics"
        connection.sendall(f"HTTP/1.1 {'200 OK' if found else '404 Not Found'}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        return True


words = sys.argv[1:]
ways = [word[1:] for word in words if re.match(r"\+[a-z]", word)]
relay = Relay(ways)
environment = dict(os.environ, PBXCTL_SERVICE_HEALTH_LISTEN=relay.address, RELAY=relay.address)
relay.command = subprocess.Popen(words[len(ways):], env=environment)
relay.begun.set()
status_of_it = relay.command.wait()
sys.exit(status_of_it if status_of_it >= 0 else 128 - status_of_it)
