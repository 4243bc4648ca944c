"""SIPp plays a telephone's scenario of scripts/lab.d/sipp."""

import pathlib
import subprocess
import tempfile
import time

import lab

SCENARIOS = lab.SOURCE / "scripts/lab.d/sipp"
POLL = 0.02
SCREEN_END = 3000  # characters of what SIPp says that an error repeats


class SippError(Exception):
    pass


class Sipp:
    """Starts at once; `done()` returns when the scenario has ended as it should, and raises when it has not."""

    def __init__(self, scenario, port, service, limit, **words):
        self.home = tempfile.TemporaryDirectory(prefix="pbxctl-sipp-")
        folder, text = pathlib.Path(self.home.name), (SCENARIOS / f"{scenario}.xml").read_text()
        for word, value in words.items():
            text = text.replace(f"@{word}@", str(value))
        (folder / "scenario.xml").write_text(text)
        self.messages = folder / "messages"
        self.limit = limit
        self.process = subprocess.Popen(
            ["sipp", "-sf", "scenario.xml", "-s", service, "-i", "127.0.0.1", "-m", "1", "-nostdin", "-trace_err", "-error_file", "errors",
             "-trace_msg", "-message_file", "messages", "-timeout", str(limit), "-timeout_error", f"127.0.0.1:{port}"],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.home.cleanup()

    def received(self, method):
        """How many requests of that method it has received, as its message log says."""
        return self.messages.read_text(errors="replace").count(f"\n{method} sip:") if self.messages.exists() else 0

    def wait_received(self, method, count, limit):
        end = time.monotonic() + limit
        while self.received(method) < count and time.monotonic() < end and self.process.poll() is None:
            time.sleep(POLL)
        return self.received(method) >= count

    def done(self):
        screen = self.process.communicate(timeout=self.limit + 5)[0].decode(errors="replace")
        if self.process.returncode != 0:
            errors = pathlib.Path(self.home.name) / "errors"
            raise SippError(f"exit {self.process.returncode}\n{errors.read_text() if errors.exists() else screen[-SCREEN_END:]}")
