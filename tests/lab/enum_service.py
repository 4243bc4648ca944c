"""`pbxctl enum lookup` as a service on ports of the kernel's choice: asked by HTTP, reloaded, stopped. FastAGI callers get its port."""

import http.client
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import tempfile

import lab
import robot

ENDED = 143  # by TERM
LIMIT = 20  # seconds until it is ready, has reloaded or has ended


class Service:
    """`with Service("--server", where) as service: service.get("/enum/+44...")`; settings are lines of pbxctl.conf."""

    def __init__(self, *options, settings=()):
        self.home = tempfile.TemporaryDirectory(prefix="pbxctl-enum-")
        folder = pathlib.Path(self.home.name)
        (folder / "pbxctl.conf").write_text("[enum]\n" + "".join(f"{line}\n" for line in settings))
        self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notified.bind(str(folder / "notify"))
        words = [robot.PBXCTL, "--config", folder / "pbxctl.conf", "--log-level", "info", "enum", "lookup", "--http", "127.0.0.1:0",
                 "--listen", "127.0.0.1:0", *options]
        self.log = open(folder / "log", "w+")  # pylint: disable=consider-using-with
        self.process = subprocess.Popen(list(map(str, words)), stderr=self.log, env=dict(os.environ, NOTIFY_SOCKET=str(folder / "notify")))
        self.hear("READY=1")
        said = self.said()
        self.agi, self.http = (int(re.search(rf"{door} on \S*:(\d+)", said)[1]) for door in ("fastagi", "http"))

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.process.terminate()
        try:
            self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        said = self.said()
        self.log.close()
        self.notified.close()
        self.home.cleanup()
        if kind is None and self.process.returncode != ENDED:
            raise lab.LabError(f"enum lookup as a service ended with {self.process.returncode}: {said}")

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def hear(self, words):
        """Waits until it tells its manager these words."""
        while select.select([self.notified], [], [], LIMIT)[0]:
            if words in self.notified.recv(4096).decode():
                return
        raise lab.LabError(f"enum lookup as a service never said {words}: {self.said()}")

    def reload(self):
        self.process.send_signal(signal.SIGHUP)
        self.hear("STATUS=reloaded")

    def channel(self, script):
        """The variables that a channel gets by AGI(agi://.../script)."""
        variables = {}
        with socket.create_connection(("127.0.0.1", self.agi), LIMIT) as line, line.makefile("rw") as stream:
            stream.write(f"agi_network: yes\nagi_network_script: {script}\n\n")
            stream.flush()
            for command in stream:
                name, value = re.fullmatch(r'SET VARIABLE "(.*)" "(.*)"\n', command).groups()
                variables[name] = value
                stream.write("200 result=1\n")
                stream.flush()
        return variables

    def get(self, path):
        """(status, Enum-Status, body)"""
        line = http.client.HTTPConnection("127.0.0.1", self.http, timeout=LIMIT)
        line.request("GET", path)
        answer = line.getresponse()
        body = answer.read().decode()
        line.close()
        return answer.status, answer.getheader("Enum-Status"), body
