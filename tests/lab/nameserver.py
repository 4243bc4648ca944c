"""Real name servers, NSD and Knot, each serving the root zone that a test gives: any name can be in it."""

import pathlib
import socket
import struct
import subprocess
import tempfile
import time

import ports

LIMIT = 10  # seconds until a server has started or loaded a zone
POLL = 0.02
SOA = ". 300 SOA ns. host. {serial} 3600 600 86400 300\n. 300 NS ns.\nns. 300 A 127.0.0.1\n"


class ServerError(Exception):
    """The server is not there or does not load: a test that meets it fails."""


class Server:
    """One server on `address`; `serve(lines)` swaps the zone and returns when the new one is answered from."""

    def __init__(self, address="127.0.0.1", port=None):
        self.address, self.port = address, port or ports.free_port()
        self.home = tempfile.TemporaryDirectory(prefix="pbxctl-dns-")
        self.folder, self.serial = pathlib.Path(self.home.name), 1
        self.zone = self.folder / "root.zone"
        self.zone.write_text(SOA.format(serial=1))
        (self.folder / "server.conf").write_text(self.CONFIG.format(folder=self.folder, address=address, port=self.port))
        self.process = subprocess.Popen(self.program(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.folder)
        self.wait_serial()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
        self.home.cleanup()

    @property
    def where(self):
        return f"{self.address}:{self.port}"

    def serve(self, lines):
        self.serial += 1
        self.zone.write_text(SOA.format(serial=self.serial) + "".join(f"{line}\n" for line in lines))
        done = subprocess.run(self.reload(), capture_output=True, text=True, timeout=LIMIT, check=False)
        if done.returncode != 0:
            raise ServerError(f"{type(self).__name__}: {done.stdout}{done.stderr}")
        self.wait_serial()

    def wait_serial(self):
        end = time.monotonic() + LIMIT
        while self.served() != self.serial:
            if self.process.poll() is not None or time.monotonic() > end:
                self.process.kill()
                raise ServerError(f"{type(self).__name__} does not serve: {self.process.communicate()[0].decode(errors='replace')}")
            time.sleep(POLL)

    def served(self):
        """The serial it answers with; None: no answer."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(1)
            try:
                udp.connect((self.address, self.port))
                udp.send(struct.pack(">6HBHH", 7, 0, 1, 0, 0, 0, 0, 6, 1))  # . SOA
                message = udp.recv(4096)
            except OSError:
                return None
        # header 12, question 5, answer's owner 1, its type to length 10, names "ns." and "host."
        rdata = message[12 + 5 + 1 + 10:]
        return struct.unpack(">I", rdata[4 + 6:4 + 6 + 4])[0] if len(rdata) >= 14 else None


class Nsd(Server):
    CONFIG = """server:
  ip-address: {address}@{port}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/pid"
  database: ""
  xfrdfile: "{folder}/xfrd"
  zonelistfile: "{folder}/zones"
  rrl-ratelimit: 0
  verbosity: 1
remote-control:
  control-enable: yes
  control-interface: "{folder}/control"
zone:
  name: "."
  zonefile: "root.zone"
"""

    def program(self):
        return ["/usr/sbin/nsd", "-d", "-c", self.folder / "server.conf"]

    def reload(self):
        return ["/usr/sbin/nsd-control", "-c", self.folder / "server.conf", "reload", "."]


class Knot(Server):
    CONFIG = """server:
  rundir: "{folder}"
  listen: {address}@{port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
log:
  - target: stderr
    any: warning
database:
  storage: "{folder}"
template:
  - id: default
    storage: "{folder}"
    semantic-checks: off
    journal-content: none
    zonefile-load: whole
zone:
  - domain: .
    file: root.zone
"""

    def program(self):
        return ["/usr/sbin/knotd", "-c", self.folder / "server.conf"]

    def reload(self):
        return ["/usr/sbin/knotc", "-c", self.folder / "server.conf", "-b", "zone-reload", "."]
