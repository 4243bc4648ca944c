"""notify: what a dialog says to others leaves after the call, by a process of its own."""

import contextlib
import pathlib
import sqlite3
import tempfile
import time
import unittest

import ami
import call
import lab
import phone
import robot

LIMIT = 15  # seconds until a note that waits for nothing has left
PROGRAM = """#!/bin/sh
cat >> {file}
echo >> {file}
"""


class OneCall(call.Call):
    def run(self, key):
        """Presses the key, or hangs up instead."""
        with phone.Phone(self.instance, f"eagi*{self.caller}", self.caller) as self.phone:
            self.phone.media.wait_speaking(0, call.SPEAK_LIMIT)
            self.phone.media.wait_quiet(0.5, 10)
            if key:
                self.phone.media.press(key)
                self.phone.media.wait_said(5)
                self.phone.wait_ended(call.END_LIMIT)
            else:
                self.phone.hang_up()


class OnBoth:
    def test_notes(self):
        """a note of a call leaves when the call has ended, once, and the outbox knows it"""
        instance = lab.shared(self.version)
        with tempfile.TemporaryDirectory(prefix="pbxctl-notes-", ignore_cleanup_errors=True) as name, ami.Ami(instance) as manager:
            folder = pathlib.Path(name)
            sent, program = folder / "sent", folder / "crm"
            program.write_text(PROGRAM.format(file=sent))
            program.chmod(0o755)
            talker = robot.Robot(pathlib.Path(__file__).parent / "dialogs/notes.conf", folder)
            with open(talker.config, "a", encoding="utf-8") as config:
                config.write(f"[exec crm]\nprogram = {program}\n")
            for key, note in (("7", "chosen 7"), (None, "left at ask")):
                OneCall(instance, manager, talker.program(), talker.journal, folder).run(key)
                self.assertTrue(self.arrived(sent, note), f"not sent: {note}")
            self.assertEqual(sent.read_text().split("\n"), ["chosen 7", "left at ask", ""])
            with contextlib.closing(sqlite3.connect(talker.journal)) as base:
                self.assertTrue(self.until(lambda: base.execute("SELECT state, tries FROM outbox").fetchall() == [("sent", 1)] * 2))

    def arrived(self, file, note):
        return self.until(lambda: file.exists() and f"{note}\n" in file.read_text())

    @staticmethod
    def until(done):
        end = time.monotonic() + LIMIT
        while not done() and time.monotonic() < end:
            time.sleep(call.POLL)
        return done()


class On22(OnBoth, unittest.TestCase):
    version = "22"


class On16(OnBoth, unittest.TestCase):
    version = "16"
