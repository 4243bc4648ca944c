"""The secretary in Russian and English, called on both versions: each call of calls/secretary.*.calls is a test."""

import array
import os
import pathlib
import re
import shutil
import tempfile
import unittest
import wave

import ami
import call
import lab
import media
import robot
import script
import voice

CALLS = pathlib.Path(__file__).parent / "calls"
KEPT = lab.BUILD / "lab-calls"  # what a failed call leaves: its audio, journal and recordings


def played(self, language, wanted):
    """One call, as its script says."""
    instance = lab.shared(self.version)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pbxctl-call-"))
    secretary = robot.Robot(f"secretary.{language}", folder)
    with ami.Ami(instance) as manager:
        one = call.Call(instance, manager, secretary.program(), secretary.journal, folder)
        try:
            result = one.run(wanted)
            wrong = script.difference(wanted, result.transcript()) or told_wrong(wanted, result)
        except Exception as error:
            result, wrong = one.collected(), str(error)
    if not wrong:
        shutil.rmtree(folder, ignore_errors=True)  # the robot may still be closing its database
        return
    kept = KEPT / f"{self.version}.{language}.{re.sub(r'[^a-z0-9]+', '-', wanted.title)}"
    shutil.rmtree(kept, ignore_errors=True)
    os.makedirs(kept.parent, exist_ok=True)
    shutil.move(folder, kept)
    lines = "\n".join(f"{mark} {words}" for mark, words in result.transcript())
    self.fail(f"{wrong}\nthe call went:\n{lines}\n{result.details()}\nits audio and journal: {kept}")


def told_wrong(wanted, result):
    """Whom a transfer reached, and that the variables came along; and the outcome told to the dialplan."""
    transfers = re.findall(r"^transfer (\S+)(?: context (.*))?$", "\n".join(words for _, words in wanted.wanted()), re.M)
    reached = result.reached()
    if [extension for extension, _ in transfers] != [extension for extension, _ in reached]:
        return f"transfers wanted {transfers}, but reached {reached}"
    for (_, context), (extension, told) in zip(transfers, reached):
        for name, value in re.findall(r"(\w+)=([^*\s]\S*)", context or ""):
            if ami.decoded(told).get(name) != value:
                return f"{extension} was to be told {name}={value}, but was told {told}"
        if context and ami.decoded(told).get("caller") != result.caller:
            return f"{extension} was not told who calls: {told}"
    for number, (mark, words) in enumerate(wanted.lines):
        if mark == "=" and words.startswith("saved messages") and not wanted.lines[number - 1][1].startswith("("):
            return None if has_voice(result.saved[0][1]["message"]) else f"no voice in the saved message {result.saved}"
    return None


def has_voice(path):
    with wave.open(path) as file:
        return voice.level(array.array("h", file.readframes(file.getnframes()))) > media.LOUD


def add_tests(case):
    for language in "ru", "en":
        for wanted in script.read(CALLS / f"secretary.{language}.calls"):
            def test(self, language=language, wanted=wanted):
                played(self, language, wanted)
            test.__doc__ = f"secretary.{language}: {wanted.title}"
            setattr(case, f"test_{language}_{re.sub(r'[^a-z0-9]+', '_', wanted.title)}", test)
    return case


@add_tests
class On22(unittest.TestCase):
    version = "22"


@add_tests
class On16(unittest.TestCase):
    version = "16"
