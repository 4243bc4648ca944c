"""devstate top on running relays: it says what they do, also when one of them or its Asterisk is gone."""

import fcntl
import json
import os
import pathlib
import pty
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unittest

import fake_ami
import lab
import relays
from test_devstate_mesh import RULES, SOON, devices

OWN = 4          # devices of each server
WIDTH, HEIGHT = 120, 40
LEFT_SCREEN = "\x1b[?7h\x1b[?25h\x1b[?1049l"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="pbxctl-top-")))

    def relay(self, instance, name, rules=RULES, **options):
        return self.enterContext(relays.Relay(instance, name, self.folder / name, rules, **options))

    def top(self, relay, *words):
        return subprocess.run(relay.command("devstate", "top", "--interval", "200ms", *words), capture_output=True, text=True, timeout=30,
                              check=False)

    def rows(self, relay, *words):
        """Table → rows, each a list of columns."""
        done = self.top(relay, *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        tables = {"relay": [], "server": [], "link": []}
        for line in done.stdout.splitlines():
            what, *columns = line.split("\t")
            tables[what].append(columns)
        return tables

    def wait(self, wanted, limit=SOON):
        end = time.monotonic() + limit
        while not (found := wanted()):
            self.assertLess(time.monotonic(), end)
        return found


class OnFakes(Case):
    """Two relays, a and b, b dials a."""

    def setUp(self):
        super().setUp()
        world = self.enterContext(fake_ami.World())
        self.asterisks = [world.asterisk(name) for name in ("a.example.com", "b.example.com")]
        for asterisk in self.asterisks:
            asterisk.silently((device, "NOT_INUSE") for device in devices(OWN))
        self.a = self.relay(self.asterisks[0], "a.example.com")
        self.b = self.relay(self.asterisks[1], "b.example.com", peers=[self.a.url])
        self.wait(lambda: all(asterisk.count() >= OWN for asterisk in self.asterisks))

    def test_table(self):
        """devstate top: two relays in one table, their servers, links and lamps as they are"""
        self.asterisks[0].set(devices(1)[0], "RINGING")
        self.wait(lambda: self.asterisks[1].count() > OWN)
        tables = self.rows(self.a, "--from", f"127.0.0.1:{self.a.health}", "--from", f"127.0.0.1:{self.b.health}")
        self.assertEqual([row[:2] + row[3:6] for row in tables["relay"]],
                         [["a.example.com", "up", "4", "4", "0"], ["b.example.com", "up", "4", "4", "0"]])
        # relay, server, state, hops, items, inuse, ringing, busy, onhold, free …
        self.assertEqual([row[:10] for row in tables["server"]], [
            ["a.example.com", "a.example.com", "own", "-", "4", "0", "1", "0", "0", "3"],
            ["a.example.com", "b.example.com", "up", "1", "4", "0", "0", "0", "0", "4"],
            ["a.example.com", "*", "shown", "-", "4", "0", "0", "0", "0", "4"],
            ["b.example.com", "b.example.com", "own", "-", "4", "0", "0", "0", "0", "4"],
            ["b.example.com", "a.example.com", "up", "1", "4", "0", "1", "0", "0", "3"],
            ["b.example.com", "*", "shown", "-", "4", "0", "1", "0", "0", "3"]])
        self.assertEqual([row[:4] for row in tables["link"]],
                         [["a.example.com", "link", "b.example.com", "up"], ["b.example.com", "link", "a.example.com", "up"]])

    def test_rates(self):
        """devstate top --json: what is written between two looks is its rate and its lag"""
        with subprocess.Popen(self.b.command("devstate", "top", "--json", "--interval", "300ms"), stdout=subprocess.PIPE, text=True) as top:
            self.addCleanup(top.kill)
            first = json.loads(top.stdout.readline())
            self.assertEqual((first["v"], first["type"], first["server"], first["rates"]), (1, "status", "b.example.com", None))
            written = first["counts"]["written"]
            for state in ["INUSE", "BUSY", "RINGING"] * 2:
                self.asterisks[0].set_all([(device, state) for device in devices(OWN)])
                self.wait(lambda: len({self.asterisks[1].devices.get(f"{device}*a.example.com") for device in devices(OWN)} - {state}) == 0)
            total, rated, lags = written, 0.0, []
            while total < self.asterisks[1].count():
                told = json.loads(top.stdout.readline())
                total = told["counts"]["written"]
                rated += told["rates"]["written"] * told["rates"]["seconds"]
                lags.append(told["rates"]["p99_ms"])
            self.assertAlmostEqual(rated, total - written, places=3)
            self.assertTrue(all(0 < lag < 1000 for lag in lags if lag is not None) and any(lags), lags)
            top.send_signal(signal.SIGTERM)
            self.assertEqual(top.wait(SOON), 143)

    def test_trouble(self):
        """devstate top: an Asterisk that is gone, a relay that is, and who is asked in vain"""
        self.asterisks[1].cut()
        row = self.wait(lambda: [row for row in self.rows(self.a)["server"] if row[1] == "b.example.com" and row[2] == "dark"])[0]
        self.assertEqual(row[3:5], ["1", "4"])
        self.assertEqual(self.rows(self.b)["relay"][0][1], "down")
        self.b.kill()
        done = self.top(self.b)
        self.assertEqual((done.returncode, done.stdout), (69, ""))
        self.assertIn(f"127.0.0.1:{self.b.health}: Connection refused; does a relay run there?", done.stderr)
        done = self.top(self.a, "--from", f"127.0.0.1:{self.b.health}", "--from", f"127.0.0.1:{self.a.health}")
        self.assertEqual(done.returncode, 69)
        self.assertIn("relay\ta.example.com\tup\t", done.stdout)
        self.wait(lambda: [row for row in self.rows(self.a)["server"] if row[1:4] == ["b.example.com", "dark", "-"]])

    def test_screen(self):
        """devstate top on a terminal: drawn over, live, within the window, and the terminal is given back at INT"""
        main, other = pty.openpty()
        self.addCleanup(os.close, main)
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        top = subprocess.Popen(self.b.command("devstate", "top", "--interval", "100ms"), stdin=other, stdout=other, stderr=other,
                               env=os.environ | {"TERM": "xterm", "NO_COLOR": "1"})
        self.addCleanup(top.kill)
        os.close(other)
        self.text = ""
        self.wait(lambda: self.read(main) and "a.example.com  up" in self.last())
        self.asterisks[0].set(devices(1)[0], "ONHOLD")
        self.wait(lambda: self.read(main) and any(line.split()[:8] == ["a.example.com", "up", "1", "4", "0", "0", "0", "1"]
                                                  for line in self.last().splitlines()))
        self.assertLessEqual(max(len(line) for line in self.last().splitlines()), WIDTH)
        self.a.kill()
        self.wait(lambda: self.read(main) and "a.example.com  dark" in self.last())
        top.send_signal(signal.SIGINT)
        self.assertEqual(top.wait(SOON), 130)
        self.wait(lambda: self.read(main) and self.text.endswith(LEFT_SCREEN))
        self.assertEqual((self.text.count("\x1b[?1049h"), self.text.count("\x1b[?1049l")), (1, 1))

    def read(self, terminal):
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                self.text += os.read(terminal, 65536).decode()
            except OSError:  # the other end is closed
                pass
        return True

    def last(self):
        """The last whole picture."""
        pictures = self.text.split("\x1b[H")
        whole = [picture for picture in pictures[1:] if "\x1b[J" in picture]
        return whole[-1].partition("\x1b[J")[0].replace("\x1b[K", "").replace("\r", "") if whole else ""


class OnReal(Case):
    def test_real(self):
        """devstate top: the relays of two real Asterisks, and a lamp that is lit"""
        with lab.Private("a", "b") as instances:
            rules = ["send => device Custom:_1XXX as {1}"]
            a = self.relay(instances["a"], "a.example.com", rules)
            b = self.relay(instances["b"], "b.example.com", rules, peers=[a.url])
            instances["a"].ask("devstate change Custom:1001 RINGING")
            shown = self.wait(lambda: [row for row in self.rows(b)["server"] if row[1:3] == ["*", "shown"] and row[6] == "1"], 30)
            self.assertEqual(shown[0][0], "b.example.com")
            self.assertEqual([row[:4] for row in self.rows(b)["link"]], [["b.example.com", "link", "a.example.com", "up"]])


if __name__ == "__main__":
    unittest.main()
