"""pbxctl devstate relay as a process: its configuration, its start and its sudden ends."""

import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

import lab
import ports

PBXCTL = lab.BUILD / "pbxctl"
LIMIT = 20  # seconds until a relay is ready, or ends when asked
POLL = 0.02
TOKEN = "a-token-of-this-test-alone"

CONFIG = """[ami]
host = 127.0.0.1
port = {ami}
user = {user}
secret_file = {folder}/secret
[service]
health_listen = 127.0.0.1:{health}
[devstate]
server = {server}
{lines}
"""


class RelayError(Exception):
    pass


class Relay:
    """One server's relay beside `instance` (a lab.Instance or a FakeAsterisk). `peers` are URLs to dial, `via` a broker's.

    It listens where `port` says; give a proxy's port to others to have a link that can be cut."""

    def __init__(self, instance, server, folder, rules=(), peers=(), via=None, listen=True, token=TOKEN, lines=(), ami_port=None):
        self.instance, self.server, self.folder = instance, server, pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port, self.health = ports.free_ports(2)
        self.rules, self.peers, self.via, self.listen = list(rules), list(peers), via, listen
        self.token, self.lines, self.ami_port, self.process = token, list(lines), ami_port, None

    @property
    def url(self):
        return f"{'wss' if any(line.startswith('certificate') for line in self.lines) else 'ws'}://127.0.0.1:{self.port}"

    def write_config(self):
        lines = [f"listen = 127.0.0.1:{self.port}"] if self.listen else []
        lines += [f"peer => {peer}" for peer in self.peers]
        lines += [f"via = {self.via}"] if self.via else []
        lines += [f"secret_file = {self.folder}/token"] if self.token else []
        lines += self.lines + self.rules
        users = self.instance.ports
        for name, secret in ("secret", users["RELAY_SECRET"]), ("token", self.token):
            (self.folder / name).write_text(secret or "")
            (self.folder / name).chmod(0o600)
        (self.folder / "pbxctl.conf").write_text(CONFIG.format(
            ami=self.ami_port or self.instance.port("AMI"), user=users["RELAY_USER"], folder=self.folder, server=self.server, health=self.health,
            lines="\n".join(lines)))

    def command(self, *words):
        return [PBXCTL, "--config", self.folder / "pbxctl.conf", *words]

    def __enter__(self):
        try:
            self.start()
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def start(self):
        self.write_config()
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(self.command("devstate", "relay"), stdout=log, stderr=log)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGSTOP)

    def carry_on(self):
        self.process.send_signal(signal.SIGCONT)

    def log(self):
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def metrics(self):
        """Name with labels → value; {} while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health}/metrics", timeout=5) as answer:
                text = answer.read().decode()
        except (OSError, urllib.error.URLError):
            return {}
        return {name: float(value) for name, value in re.findall(r"(?m)^([^#\s]+) (\S+)$", text)}

    def wait_log(self, pattern, limit=LIMIT):
        """Until its log has a line that fits."""
        return self.wait(lambda: re.search(pattern, self.log()), limit)

    def wait(self, wanted, limit=LIMIT):
        end = time.monotonic() + limit
        while not (found := wanted()):
            if self.process.poll() is not None:
                raise RelayError(f"{self.server}: ended with {self.process.returncode}\n{self.log()[-3000:]}")
            if time.monotonic() > end:
                return None
            time.sleep(POLL)
        return found

    def memory(self):
        """Resident MB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.partition("VmRSS:")[2].split()[0]) / 1024

    def cpu(self):
        """Seconds of CPU since its start."""
        words = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
