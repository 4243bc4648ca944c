"""What carries a lamp from Asterisk a to Asterisk b in scripts/bench-devstate: each is started, proved to work, stopped."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import ami
import lab
import relays

HERE = pathlib.Path(__file__).parent
NODE_PACKAGES = ["asterisk-manager@0.2.0", "ws@8.18.0"]
CACHE = pathlib.Path(os.environ.get("PBXCTL_CACHE", "/var/cache/pbxctl")) / "bench-devstate"
START_LIMIT = 20  # seconds
STOP_LIMIT = 5
NICE = -10  # every relay, as scripts/examples/pbxctl-devstate.service says

# The option with @ is the publisher's own filter (res_pjsip_publish_asterisk.c reads it as an extended one): without it each
# change of any device, the other rivals' lamps too, is sent. The other filter is of what comes in.
PUBLISH = """
[{peer}-out]
type = outbound-publish
server_uri = sip:{name}@127.0.0.1:{peer_port}
from_uri = sip:{name}@127.0.0.1:{port}
event = asterisk-devicestate
@device_state_filter = ^Custom:1[01]..$
[{peer}]
type = asterisk-publication
devicestate_publish = {peer}-out
device_state = yes
device_state_filter = ^Custom:1[01]..$
[{peer}]
type = inbound-publication
event_asterisk-devicestate = {peer}
"""


class RivalError(Exception):
    pass


def memory(pid):
    """Resident memory of a process in MB."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


class Rival:
    """`lamps()`: [(device on a, the telephone's lamp on b)]. `processes` are those of one run."""

    def __init__(self, a, b):
        self.a, self.b, self.processes, self.home = a, b, [], None

    def __enter__(self):
        self.home = tempfile.TemporaryDirectory(prefix="pbxctl-bench-")
        try:
            self.start(pathlib.Path(self.home.name))
            if os.geteuid() == 0:
                for process in self.processes:
                    os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_LIMIT)
            process.kill()
            process.wait()
        self.processes = []
        self.home.cleanup()

    def run(self, argv, folder, **more):
        log = open(folder / f"log{len(self.processes)}", "wb")
        self.processes.append(subprocess.Popen([str(word) for word in argv], stdout=log, stderr=log, **more))
        log.close()

    def check(self):
        """Raises when one of the processes has ended, with what it said."""
        for number, process in enumerate(self.processes):
            if process.poll() is not None:
                said = (pathlib.Path(self.home.name) / f"log{number}").read_text(errors="replace")
                raise RivalError(f"{self.name}: ended with {process.returncode}: {said[-2000:]}")

    def wait_said(self, word):
        """Until each process has said it."""
        end = time.monotonic() + START_LIMIT
        while not all(word in (pathlib.Path(self.home.name) / f"log{number}").read_text() for number in range(len(self.processes))):
            self.check()
            if time.monotonic() > end:
                raise RivalError(f"{self.name}: not ready after {START_LIMIT} s")
            time.sleep(0.02)

    def memories(self):
        return [memory(process.pid) for process in self.processes]


class Publication(Rival):
    """Asterisk's own: res_pjsip_publish_asterisk. Always on, for lamps of its own."""
    name = "PUBLISH"

    def lamps(self):
        return [(f"Custom:{number}", str(number)) for number in range(1000, 1200)]

    def start(self, folder):
        pass

    def lay(self):
        for one, other in (self.a, self.b), (self.b, self.a):
            text = PUBLISH.format(name=one.name, peer=other.name, port=one.port("SIP"), peer_port=other.port("SIP"))
            (one.folder / "etc/pjsip_more.conf").write_text(text)
        for one in self.a, self.b:
            for module in "res_pjsip", "res_pjsip_outbound_publish", "res_pjsip_publish_asterisk":
                one.ask(f"module reload {module}.so")


class NodeRelay(Rival):
    """devstate_relay.js, once for each server."""
    name = "node relay"

    @staticmethod
    def install():
        """npm packages go to a cache, never into the tree."""
        if not shutil.which("node") or not shutil.which("npm"):
            subprocess.run([lab.SOURCE / "scripts/install-deps", "bench"], stdout=subprocess.DEVNULL, check=True)
        if not all((CACHE / "node_modules" / package.partition("@")[0]).exists() for package in NODE_PACKAGES):
            CACHE.mkdir(parents=True, exist_ok=True)
            done = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(CACHE), *NODE_PACKAGES],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=300, check=False)
            if done.returncode != 0:
                raise RivalError(f"npm install {NODE_PACKAGES}: {done.stderr}")

    def lamps(self):
        return [(f"Custom:{number}", f"{number}*a.example.com") for number in range(1200, 1400)]

    def start(self, folder):
        for one, role in (self.a, "listen"), (self.b, "connect"):
            self.run(["node", HERE / "devstate_relay.js", one.port("AMI"), one.ports["RELAY_USER"], one.ports["RELAY_SECRET"],
                      f"{one.name}.example.com", "^Custom:1[23]..$", role, self.a.port("LINK")], folder,
                     env=dict(os.environ, NODE_PATH=str(CACHE / "node_modules")))
        self.wait_said("joined")


class Relayed(Rival):
    """pbxctl devstate relay beside each of the two, by its WebSocket link or a broker."""

    def __init__(self, a, b, name="pbxctl", first=1400, via=None):
        super().__init__(a, b)
        self.name, self.first, self.via = name, first, via

    def lamps(self):
        return [(f"Custom:{number}", f"{number}*a.example.com") for number in range(self.first, self.first + 200)]

    def start(self, folder):
        rules = [f"send => device Custom:_{self.first // 100}XX as {{1}}", f"send => device Custom:_{self.first // 100 + 1}XX as {{1}}"]
        one = relays.Relay(self.a, "a.example.com", folder / "a", rules, via=self.via)
        other = relays.Relay(self.b, "b.example.com", folder / "b", rules, [] if self.via else [one.url], self.via, listen=False)
        self.logs = [one, other]
        for relay in self.logs:
            relay.start()
            self.processes.append(relay.process)

    def check(self):
        for relay in self.logs:
            if relay.process.poll() is not None:
                raise RivalError(f"{self.name}: {relay.server} ended with {relay.process.returncode}: {relay.log()[-2000:]}")


class Fed(Relayed):
    """The same with a fake Asterisk as a, which can change as fast as one likes: `devices` of its own, all shown on b."""

    def __init__(self, fake, b, count):
        super().__init__(fake, b, "pbxctl", 0)
        self.devices = [f"Custom:{10_000 + number}" for number in range(count)]

    def start(self, folder):
        one = relays.Relay(self.a, "fed.example.com", folder / "a", ["send => device Custom:_XXXXX as {1}"])
        other = relays.Relay(self.b, "b.example.com", folder / "b", [], [one.url], listen=False)
        self.logs = [one, other]
        for relay in self.logs:
            relay.start()
            self.processes.append(relay.process)

    def wait_shown(self, instance, state):
        """Until b shows all of them so."""
        end = time.monotonic() + START_LIMIT
        wanted = {f"{device}*fed.example.com" for device in self.devices}
        while True:
            with ami.Ami(instance) as manager:
                manager.act("DeviceStateList")
                manager.wait(lambda event: event["Event"] == "DeviceStateListComplete", START_LIMIT)
                missing = wanted - {event["Device"] for event in manager.events if event.get("State") == state}
            if not missing:
                return
            self.check()
            if time.monotonic() > end:
                raise RivalError(f"{self.name}: {len(missing)} of {len(wanted)} devices not shown after {START_LIMIT} s")
            time.sleep(0.1)
