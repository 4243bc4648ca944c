"""kill -9 in the middle of calls that save: what was called accepted is on disk, and nothing is there twice."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import random
import signal
import sqlite3
import tempfile
import threading
import time
import unittest

import ami
import call
import lab
import phone
import robot

CALLS, KILLS, AT_ONCE = 55, 50, 6  # some calls are over before their instant comes
LONGEST = 6.0  # seconds; a call that nobody kills takes about seven
NUMBERS = "123"


def process_of(config):
    """The robot that runs with this configuration; its path is in its command line, as arguments go."""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(config).encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                return int(entry.name)
    return None


class Doomed(call.Call):
    """Presses digits; hears that each is accepted; the robot is killed at `instant` seconds."""

    def run(self, config, instant):
        self.pressed, self.accepted, self.killed = "", 0, False
        with phone.Phone(self.instance, f"eagi*{self.caller}", self.caller) as self.phone:
            timer = threading.Timer(instant, self._kill, [config])
            timer.start()
            for digit in NUMBERS:
                if not self._asked():
                    break
                self.phone.media.press(digit)
                self.pressed += digit
                self.phone.media.wait_said(5)
                if not self.phone.media.wait_speaking(time.monotonic() - 0.05, call.SPEAK_LIMIT):
                    break
                self.accepted += 1
            self.phone.wait_ended(call.END_LIMIT)
            timer.join()
        return self

    def _asked(self):
        return self.phone.media.wait_speaking(0, call.SPEAK_LIMIT) and self.phone.media.wait_quiet(0.5, 10) and not self.phone.ended

    def _kill(self, config):
        pid = process_of(config)
        if pid:
            os.kill(pid, signal.SIGKILL)
            self.killed = True


class OnBoth:
    def test_kill(self):
        """50 robots killed at random instants: no row lost after "accepted" was spoken, none doubled"""
        instance, dice = lab.shared(self.version), random.Random(50)
        instants = [dice.uniform(0.3, LONGEST) for _ in range(CALLS)]
        with tempfile.TemporaryDirectory(prefix="pbxctl-kill-", ignore_cleanup_errors=True) as folder, ami.Ami(instance) as manager:
            journal = pathlib.Path(folder) / "pbxctl.db"

            def one(number):
                counting = robot.Robot(pathlib.Path(__file__).parent / "dialogs/counting.conf", f"{folder}/{number}", journal=journal)
                doomed = Doomed(instance, manager, counting.program(), journal, folder)
                return doomed.run(counting.config, instants[number])

            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                calls = list(pool.map(one, range(CALLS)))
            self.check(journal, calls)

    def check(self, journal, calls):
        with contextlib.closing(sqlite3.connect(journal)) as base:
            self.assertEqual(base.execute("PRAGMA integrity_check").fetchone()[0], "ok")
            rows = base.execute("SELECT calls.caller, saved.fields FROM saved JOIN calls ON calls.id = saved.call"
                                " WHERE table_name = 'numbers' ORDER BY saved.id").fetchall()
        for one in calls:
            saved = "".join(json.loads(fields)["number"] for caller, fields in rows if caller == one.caller)
            self.assertGreaterEqual(len(saved), one.accepted, f"{one.caller}: lost, {saved} of {one.pressed}")
            self.assertTrue(one.pressed.startswith(saved), f"{one.caller}: saved {saved} of {one.pressed}")
        killed, accepted = sum(one.killed for one in calls), sum(one.accepted for one in calls)
        print(f"{killed} of {len(calls)} calls killed, {len(rows)} rows, {accepted} of them called accepted: none lost, none doubled")
        self.assertGreaterEqual(killed, KILLS)
        self.assertGreater(accepted, KILLS / 2)


class On22(OnBoth, unittest.TestCase):
    version = "22"


class On16(OnBoth, unittest.TestCase):
    version = "16"
