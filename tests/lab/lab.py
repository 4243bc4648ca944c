"""A running Asterisk of the lab, as scripts/lab makes it. Not a client of it: ami.py, phone.py and call.py are."""

import fcntl
import os
import pathlib
import signal
import subprocess
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("PBXCTL_BUILD", SOURCE / "build"))
VERSIONS = {"16": "c", "22": "a"}
UP_LIMIT = 600  # seconds: the first time mmdebstrap lays the root folder
ASK_LIMIT = 30
BOOT_LIMIT = 60
PORT_LOCKS = pathlib.Path("/tmp/pbxctl-lab-ports")


class LabError(Exception):
    """Asterisk is not there or does not answer: a test that meets it fails, it never skips."""


def scripts_lab(*words, run=None, limit=ASK_LIMIT):
    """One scripts/lab command; its stdout."""
    env = dict(os.environ, **({"PBXCTL_LAB_RUN": str(run)} if run else {}))
    done = subprocess.run([SOURCE / "scripts/lab", *words], env=env, capture_output=True, text=True, timeout=limit)
    if done.returncode != 0:
        raise LabError(f"scripts/lab {' '.join(words)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


class Instance:
    """One Asterisk: its ports, its console, and the programs its callers may start."""

    def __init__(self, name, run=None):
        self.name, self.run = name, run
        self.ports = dict(line.split("=", 1) for line in scripts_lab("env", name, run=run).splitlines())
        self.folder = pathlib.Path(self.ports["FOLDER"])
        self.version = self.ports["VERSION"]

    def port(self, what):
        return int(self.ports[f"{what}_PORT"])

    def ask(self, words):
        """asterisk -rx 'words'"""
        return scripts_lab("exec", self.name, words, run=self.run)

    def pid(self):
        return int((self.folder / "run/asterisk.pid").read_text())

    def kill(self):
        """As a power cut would. Its block of ports stays ours: see start_again."""
        pid = self.pid()
        os.kill(pid, signal.SIGKILL)
        self.lock = open(PORT_LOCKS / self.ports["AMI_PORT"], "a")
        fcntl.flock(self.lock, fcntl.LOCK_EX)  # it is free when the process is gone
        (self.folder / "run/asterisk.pid").unlink()

    def start_again(self):
        """The same configuration, ports and database as before; `scripts/lab up` would make new ones."""
        # not our child: who waits for its end must not wait for us to reap it
        subprocess.run(["sh", "-c", "setsid ./asterisk -f < /dev/null >> log/console 2>&1 &"], cwd=self.folder, check=True,
                       pass_fds=[self.lock.fileno()])
        self.lock.close()
        end = time.monotonic() + BOOT_LIMIT
        while "fully booted" not in self._booted():
            if time.monotonic() > end:
                raise LabError(f"{self.name}: not booted after {BOOT_LIMIT} s")
            time.sleep(0.05)

    def stop(self):
        os.kill(self.pid(), signal.SIGSTOP)

    def carry_on(self):
        os.kill(self.pid(), signal.SIGCONT)

    def _booted(self):
        try:
            return self.ask("core waitfullybooted")
        except LabError:
            return ""

    def log(self):
        return (self.folder / "log/full").read_text(errors="replace")


class Private:
    """Instances of a test's own in a new folder, stopped again at the end: `with Private("a", "c") as lab: lab["a"]`."""

    def __init__(self, *names):
        self.names = names
        self.home = tempfile.TemporaryDirectory(prefix="pbxctl-lab-")

    def __enter__(self):
        try:
            scripts_lab("up", *self.names, run=self.home.name, limit=UP_LIMIT)
            return {name: Instance(name, self.home.name) for name in self.names}
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        scripts_lab("down", run=self.home.name)
        self.home.cleanup()


def shared(version):
    """The instance that CTest's fixture has started for all tests of this run (PBXCTL_LAB_RUN), or the developer's own."""
    return Instance(VERSIONS[version], os.environ.get("PBXCTL_LAB_RUN"))
