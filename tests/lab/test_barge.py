"""Voice interruption: how soon a caller who speaks into a prompt stops it, on five calls at once."""

import concurrent.futures
import pathlib
import re
import tempfile
import time
import unittest

import ami
import call
import lab
import media
import phone
import robot
import voice

CALLS, QUESTIONS = 5, 10
BAR = 80       # milliseconds from the first speech frame on fd 3 to our stop line
ON_WIRE = 0.3  # seconds from the caller's first loud packet to her last
WORDS = "excuse me"


class OneCall(call.Call):
    """Speaks into each question's prompt, then goes on by a key. `stops` are the seconds on the wire."""

    def run(self):
        samples = voice.say(WORDS, "flite:rms")
        with phone.Phone(self.instance, f"eagi*{self.caller}", self.caller) as self.phone:
            self.media = self.phone.media
            for _ in range(QUESTIONS):
                self._speak_into(samples)
                self.media.press("1")
                self.media.wait_said(5)
                self.acted = time.monotonic()
            self._wait_over()
        self._collect()
        return self.result

    def _speak_into(self, samples):
        self._wait_speaking()
        self.phone.wait_ended(call.INTERRUPT_AFTER)
        moments = self.media.say(samples)
        self.media.wait_said(5)
        first = moments[0] + media.first_loud(samples)
        self.media.wait_quiet(0.4, 10)
        self.result.stops.append(self.media.loud_until(first, 0.3) - first)
        self.phone.wait_ended(0.5)

    acted = 0.0


class OnBoth:
    def test_voice_stops_prompts(self):
        """speech stops a prompt within 80 ms of its first frame, and on the wire"""
        instance = lab.shared(self.version)
        with tempfile.TemporaryDirectory(prefix="pbxctl-barge-", ignore_cleanup_errors=True) as folder, ami.Ami(instance) as manager:
            talker = robot.Robot(pathlib.Path(__file__).parent / "dialogs/barge.conf", folder)
            calls = [OneCall(instance, manager, talker.program(), talker.journal, folder) for _ in range(CALLS)]
            with concurrent.futures.ThreadPoolExecutor(CALLS) as pool:
                results = list(pool.map(OneCall.run, calls))
        delays = sorted(int(found[1]) for result in results for turn in result.turns
                        if (found := re.match(r"voice stopped the prompt (\d+) ms", turn["text"])))
        wire = sorted(stop for result in results for stop in result.stops)
        self.assertEqual(len(delays), CALLS * QUESTIONS, results[0].details())
        print(f"{len(delays)} prompts: stop line after {delays[len(delays) // 2]} ms, p99 {delays[int(len(delays) * 0.99)]} ms;"
              f" on the wire after {wire[len(wire) // 2] * 1000:.0f} ms, at most {wire[-1] * 1000:.0f} ms")
        self.assertLessEqual(delays[int(len(delays) * 0.99)], BAR)
        self.assertLessEqual(wire[-1], ON_WIRE)


class On22(OnBoth, unittest.TestCase):
    version = "22"


class On16(OnBoth, unittest.TestCase):
    version = "16"
