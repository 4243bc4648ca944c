"""The lab itself: Asterisk is there, is heard, hears, and is alone."""

import json
import os
import signal
import time
import unittest

import ami
import lab
import phone
import voice

MARGIN = 5  # seconds an event may take


class OnBoth:
    def setUp(self):
        self.instance = lab.shared(self.version)
        self.manager = self.enterContext(ami.Ami(self.instance))

    def test_version(self):
        """it is the major version it is taken for, with its own system name and entity id"""
        settings = self.manager.command("core show settings")
        self.assertRegex(settings, rf"Version: +{self.version}\.")
        self.assertIn(self.instance.ports["SYSTEMNAME"], settings)
        self.assertIn(self.instance.ports["ENTITYID"], settings)

    def test_echo(self):
        """a telephone hears its own words come back"""
        with phone.Phone(self.instance, "200", "79001") as telephone:
            words = voice.say("hello there", "flite:slt")
            said = telephone.media.say(words)
            telephone.media.wait_said(MARGIN)
            self.assertTrue(telephone.media.wait_speaking(said[0], MARGIN))
            self.assertTrue(telephone.media.wait_quiet(0.5, MARGIN))
            heard = telephone.media.loud_until(said[0] + 0.5, 0.5) - said[0]
        self.assertAlmostEqual(heard, len(words) / voice.RATE, delta=0.5)

    def test_keys(self):
        """each key that is pressed arrives once"""
        with phone.Phone(self.instance, "100", "79002") as telephone:
            telephone.media.press("1592#")
            telephone.media.wait_said(MARGIN)
            self.manager.wait(lambda event: event["Event"] == "DTMFEnd" and event["Digit"] == "#", MARGIN)
        keys = [event["Digit"] for event in self.manager.events if event["Event"] == "DTMFEnd" and event["CallerIDNum"] == "79002"]
        self.assertEqual("".join(keys), "1592#")

    def test_busy(self):
        """a busy colleague is busy"""
        with self.assertRaisesRegex(phone.PhoneError, "486"), phone.Phone(self.instance, "105", "79003"):
            pass

    def test_unnamed_program(self):
        """a SIP caller cannot start a program that AMI has not named"""
        with self.assertRaises(phone.PhoneError), phone.Phone(self.instance, "eagi*/bin/sh", "79005"):
            pass
        ended = self.manager.wait(lambda event: event.get("UserEvent") == "Ended" and event["CallerIDNum"] == "79005", MARGIN)
        self.assertNotEqual(ended["AGISTATUS"], "SUCCESS")

    def test_told(self):
        """a colleague is told the variables that came with the caller, whatever bytes they hold"""
        self.manager.act("Originate", Channel="Local/100@lab", Application="Wait", Data="1", Async="true", CallerID="79006",
                         variables=["__PBXCTL_CONTEXT=who\\,said", "__who=105", "__said=ул. Ленина & 5=6; %"])
        told = self.manager.wait(lambda event: event.get("UserEvent") == "Reached" and event["CallerIDNum"] == "79006", MARGIN)
        self.assertEqual(ami.decoded(told["Told"]), {"who": "105", "said": "ул. Ленина & 5=6; %"})

    def test_sipp(self):
        """SIPp calls and plays a sound file"""
        sound = voice.RECORDED["en"] / "hello-world.wav"
        lab.scripts_lab("call", self.instance.name, "200", str(sound), run=self.instance.run)

    def test_caller_without_phone(self):
        """a Local channel does what CALLER says, one thing after the other"""
        self.manager.act("Originate", Channel="Local/caller@lab/n", Application="Wait", Data="20", Async="true",
                         CallerID="79004", variables=["CALLER=wait:1&say:hello-world&key:7&hangup"])
        key = self.manager.wait(lambda event: event["Event"] == "DTMFEnd" and event["Digit"] == "7", MARGIN)
        self.assertIsNotNone(key)
        channel = key["Channel"][:-2]  # without ;1 or ;2
        gone = self.manager.wait(lambda event: event["Event"] == "Hangup" and event["Channel"].startswith(channel), MARGIN)
        self.assertIsNotNone(gone)
        began = next(event for event in self.manager.events if event["Event"] == "Newchannel" and event["Channel"].startswith(channel))
        self.assertGreater(key["at"] - began["at"], 1.9)  # a second of waiting and one of hello-world

    def test_languages(self):
        """core sounds speak Russian and English"""
        for language in "en", "ru":
            self.assertTrue((self.instance.folder / "data/sounds" / language / "silence/10.wav").exists())


class On22(OnBoth, unittest.TestCase):
    version = "22"


class On16(OnBoth, unittest.TestCase):
    version = "16"


class ScriptsLab(unittest.TestCase):
    def test_two_sets(self):
        """two sets of the lab run side by side on ports of their own"""
        with lab.Private("c") as one, lab.Private("c") as other:
            ports = [{one_lab["c"].port(what) for what in ("AMI", "HTTP", "SIP")} for one_lab in (one, other)]
            self.assertFalse(ports[0] & ports[1])
            for each in one, other:
                self.assertIn("uptime", each["c"].ask("core show uptime"))

    def test_killed(self):
        """an Asterisk that was killed is seen as down, and its ports are free again"""
        with lab.Private("c") as instances:
            run = instances["c"].run
            before = json.loads(lab.scripts_lab("status", "--json", run=run))[0]
            os.kill(before["pid"], signal.SIGKILL)
            deadline = time.monotonic() + MARGIN
            while os.path.exists(f"/proc/{before['pid']}") and time.monotonic() < deadline:
                time.sleep(0.05)
            down = json.loads(lab.scripts_lab("status", "--json", run=run))[0]
            self.assertEqual((before["state"], down["state"], down["pid"]), ("up", "down", None))
            lab.scripts_lab("up", "c", run=run, limit=lab.UP_LIMIT)
            self.assertEqual(json.loads(lab.scripts_lab("status", "--json", run=run))[0]["state"], "up")

    def test_bad_name(self):
        """an instance that does not exist is refused with its name"""
        with self.assertRaisesRegex(lab.LabError, "no such instance: z"):
            lab.scripts_lab("up", "z")
