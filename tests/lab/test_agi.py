"""AGI as real Asterisk does it, met by lib/agi: agi_probe (tests/lab/probe) acts, a telephone calls it, and we judge."""

import pathlib
import secrets
import tempfile
import time
import unittest

import ami
import lab
import media
import phone
import voice

PROBE = lab.BUILD / "lab-programs/agi_probe"
LIMIT = 30
POLL = 0.02


class Report:
    """What the probe has written so far."""

    def __init__(self, path):
        self.path = path

    def values(self):
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return dict(line.split("\t", 1) for line in lines if "\t" in line)

    def wait(self, key, value=None):
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            values = self.values()
            if key in values and value in (None, values[key]):
                return values[key]
            time.sleep(POLL)
        raise lab.LabError(f"the probe did not tell {key} {value or ''} within {LIMIT} s; it told {self.values()}")

    def __getitem__(self, key):
        return self.wait(key)


class OnBoth:
    def setUp(self):
        self.instance = lab.shared(self.version)
        self.manager = self.enterContext(ami.Ami(self.instance))
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="pbxctl-probe-")))
        self.caller = f"7901{self.version}{secrets.randbelow(10**6):06}"

    def call(self, scenario):
        """A telephone in a call with the probe."""
        report = self.folder / "report"
        self.manager.put("lab", self.caller, f"{PROBE},{report},{scenario}")
        telephone = self.enterContext(phone.Phone(self.instance, f"eagi*{self.caller}", self.caller))
        return telephone, Report(report)

    def ended(self):
        """How the call ended for the dialplan, once it has."""
        event = self.manager.wait(lambda event: event.get("UserEvent") == "Ended" and event["CallerIDNum"] == self.caller, LIMIT)
        self.assertIsNotNone(event, "the call did not end")
        return event

    # --- commands and answers -------------------------------------------------------------------------------------
    def test_values(self):
        """quotes, backslashes, commas, brackets and Cyrillic in a value come back as they were"""
        report = self.call("values")[1]
        report.wait("end")
        values = report.values()
        self.assertEqual({key: value for key, value in values.items() if key.startswith("value ") and value != "same"}, {})
        self.assertEqual((report["get"], report["unset"], report["unset whole"]), ("=  spaces around ", "unset", ""))

    def test_newlines(self):
        """a value with a newline in it does not put the answers out of step"""
        report = self.call("newlines")[1]
        self.assertEqual(report["whole"], r"one two\n200 result=1 (three)")
        self.assertEqual(report["got"], r"= one two\n200 result=1 (three)")
        self.assertEqual(report["next"], "still in step")

    def test_long(self):
        """the longest line arrives whole, a longer one and a newline are never sent; GET VARIABLE cuts, GET FULL VARIABLE not"""
        report = self.call("long")[1]
        self.assertEqual(report["next"], "still in step")
        self.assertEqual((report["set"], report["whole"]), ("done", "same"))
        self.assertIn(int(report["cut"]), (1023, 1024))
        for key in "too long", "newline":
            self.assertRegex(report[key], "^error: ")

    def test_wrong(self):
        """a wrong command, wrong usage and a missing application are told apart, and the call goes on"""
        report = self.call("wrong")[1]
        self.assertEqual(report["next"], "still in step")
        self.assertRegex(report["unknown"], "^error: .*does not know")
        self.assertRegex(report["usage"], "^error: .*refused the command's arguments")
        self.assertEqual(report["application"], "not found")

    def test_missing(self):
        """a missing sound file answers -1 like a hangup, and is known not to be one"""
        telephone, report = self.call("missing")
        self.assertEqual(report["up"], "1")
        self.assertEqual((report["left"], report["get data"][:6]), ("0", "200 -1"))
        self.assertRegex(report["played"], "^missing_file ")

    def test_keys(self):
        """a key that is asked for ends a prompt with its position, another key does not"""
        telephone, report = self.call("keys")
        telephone.media.wait_speaking(0, LIMIT)
        telephone.wait_ended(1)
        telephone.media.press("5")
        end, key, position = report["prompt"].split()
        self.assertEqual((end, key), ("key", "5"))
        self.assertTrue(4000 < int(position) < 24000, position)
        report.wait("ready", "other")
        telephone.media.press("7")
        self.assertRegex(report["other"], "^finished - ")
        report.wait("ready", "digit")
        telephone.wait_ended(0.3)
        telephone.media.press("#")
        self.assertRegex(report["digit"], "^key # ")
        self.assertRegex(report["nobody"], "^finished - ")

    def test_recording(self):
        """a recording ends by silence, by a key, or because the file cannot be written; fd 3 is silent meanwhile"""
        telephone, report = self.call("recording")
        report.wait("ready", "silence")
        telephone.media.say(voice.say("this is my message", "flite:slt"))
        end, key, samples = report["silence"].split()
        self.assertEqual((end, key), ("time_or_silence", "-"))
        self.assertTrue(10000 < int(samples) < 60000, samples)
        self.assertLess(int(report["frames"]), 10)
        report.wait("ready", "key")
        telephone.media.say(voice.say("more", "flite:slt"))
        telephone.media.press("#")
        self.assertRegex(report["key"], "^key # ")
        self.assertRegex(report["nowhere"], "^not_written ")
        self.assertEqual(report["next"], "still in step")
        self.assertTrue((self.folder / "silence.wav").exists() and (self.folder / "key.wav").exists())

    # --- sound ----------------------------------------------------------------------------------------------------
    def test_audio(self):
        """the caller's audio comes while a prompt plays and while a key is waited for, not while an application runs"""
        report = self.call("audio")[1]
        self.assertLess(int(report["exec"]), 15)
        self.assertAlmostEqual(int(report["stream file"]), 100, delta=15)
        self.assertAlmostEqual(int(report["wait for digit"]), 50, delta=10)

    def test_voice(self):
        """a caller who speaks into a prompt stops it on the wire, and the next answer is its own"""
        telephone, report = self.call("voice")
        self.assertTrue(telephone.media.wait_speaking(0, LIMIT))
        telephone.wait_ended(1.5)
        words = voice.recorded("en", "hello-world")
        moments = telephone.media.say(words)
        self.assertRegex(report["played"], "^interrupted ")
        self.assertEqual(report["next"], "still in step")
        self.assertRegex(report["silence"], "^finished ")
        quiet = telephone.media.loud_until(moments[0], 0.3) - moments[0] - media.first_loud(words)
        self.assertLess(quiet, 0.3)
        self.assertLess(int(report["microseconds"]), 100_000)

    def test_storm(self):
        """sixty prompts stopped, half of them around the instant of their own end: never an answer out of step"""
        telephone, report = self.call("storm")
        deadline = time.monotonic() + 120
        while "interrupted" not in report.values() and not telephone.wait_ended(0.2) and time.monotonic() < deadline:
            pass
        self.assertEqual(report["wrong"], "0")
        self.assertGreater(int(report["interrupted"]), 30)
        self.assertGreater(int(report["finished"]), 0)

    def test_pace(self):
        """a second of the caller's audio is a second of frames, and none is dropped"""
        report = self.call("pace")[1]
        self.assertEqual(report["dropped"], "0")
        heard, took = int(report["samples"]) / 8, int(report["milliseconds"])
        self.assertAlmostEqual(heard, took, delta=200)
        self.assertRegex(report["played"], "^finished ")

    def test_idle(self):
        """between commands the caller gets no audio and his keys are lost; in a silence that plays neither is so"""
        telephone, report = self.call("idle")
        report.wait("ready", "idle")
        before = len(telephone.media.heard)
        telephone.wait_ended(0.5)
        telephone.media.press("4")
        telephone.wait_ended(1)
        self.assertLess(len(telephone.media.heard) - before, 5)
        self.assertRegex(report["key"], "^finished ")
        report.wait("ready", "listening")
        before = len(telephone.media.heard)
        telephone.wait_ended(1)
        self.assertGreater(len(telephone.media.heard) - before, 40)
        telephone.media.press("4")
        self.assertRegex(report["listened"], "^key 4 ")

    # --- hangup ---------------------------------------------------------------------------------------------------
    def check_left(self, report):
        """After a hangup: variables can be read and set, prompts cannot be played, and it is no failure."""
        self.assertEqual(report.wait("end"), "reached")
        self.assertEqual((report["left"], report["set"], report["gone"], report["more"], report["hangup"]),
                         ("1", "done", "1", "left - -", "done"))
        self.assertEqual(report["got"], 'set after hangup, "quoted"')
        self.assertEqual(report["audio open"], "1")  # no end of file at hangup: nobody may wait for one

    def check_h_saw(self):
        """What was set after the hangup is there in the dialplan's h extension."""
        self.assertEqual(ami.decoded(f"Result={self.ended()['Result']}")["Result"], 'set after hangup, "quoted"')

    def leave(self, scenario, after=0.7):
        telephone, report = self.call(scenario)
        report.wait("ready", "hang up")
        telephone.wait_ended(after)
        telephone.hang_up()
        return report

    def test_left_in_prompt(self):
        """a caller who leaves in a prompt is told at once, and answers can still be saved"""
        report = self.leave("left in prompt")
        self.assertRegex(report["played"], "^left ")
        self.assertEqual(report["told"], "1")
        self.check_left(report)
        self.check_h_saw()

    def test_left_in_listening(self):
        """a caller who leaves while he is listened to"""
        report = self.leave("left in listening")
        self.assertRegex(report["played"], "^left ")
        self.check_left(report)
        self.check_h_saw()

    def test_left_in_recording(self):
        """a caller who leaves while his message is recorded has left it all the same"""
        report = self.leave("left in recording", after=1.5)
        end, _, samples = report["recorded"].split()
        self.assertEqual(end, "left")
        self.assertGreater(int(samples), 4000)
        self.check_left(report)
        self.check_h_saw()

    def test_left_in_dial(self):
        """a caller who leaves while a colleague talks: the outcome of Dial can still be read, but h has run already"""
        report = self.leave("left in dial", after=2)
        self.assertEqual(report["status"], "= ANSWER")
        self.check_left(report)
        self.assertEqual(self.ended()["Result"], "")


class On22(OnBoth, unittest.TestCase):
    version = "22"


class On16(OnBoth, unittest.TestCase):
    version = "16"
