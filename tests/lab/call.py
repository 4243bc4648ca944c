"""One scripted call to a robot: a telephone that acts when she has finished, and what came of it."""

import contextlib
import dataclasses
import json
import pathlib
import re
import secrets
import sqlite3
import time

import lab
import media
import phone
import script
import voice

QUIET = 0.9           # seconds without speech after which she has finished
SPEAK_LIMIT = 15      # until she begins
FINISH_LIMIT = 40     # until she has finished
INTERRUPT_AFTER = 1.0
END_LIMIT = 40        # until the call is over once the caller did his last
JOURNAL_LIMIT = 10
POLL = 0.05
EARLY = 0.3           # the journal's clock starts a little after the call was answered
MARKS = {"said": "<", "heard": ">", "remark": "=", "key": ">", "silence": ">", "hangup": ">"}
# remarks that tell how, not what: a script does not name them
ASIDES = ("recorded ", "interrupted")


@dataclasses.dataclass
class Result:
    caller: str
    events: list = dataclasses.field(default_factory=list)      # AMI events of this call
    row: dict = dataclasses.field(default_factory=dict)         # of the journal's `calls`
    turns: list = dataclasses.field(default_factory=list)       # of its `turns`
    saved: list = dataclasses.field(default_factory=list)       # (table, fields)
    stops: list = dataclasses.field(default_factory=list)       # seconds from the interrupting caller's first loud frame
                                                                # sent to her last loud frame received
    repairs: set = dataclasses.field(default_factory=set)       # numbers of turns in which she asked again or to confirm
    audio: pathlib.Path = None                                  # left the caller, right Oksana

    def transcript(self):
        lines = []
        for turn in self.turns:
            if turn["kind"] in MARKS and turn["n"] not in self.repairs and not (turn["kind"] == "remark" and turn["text"].startswith(ASIDES)):
                words = turn["text"] if turn["kind"] in ("said", "heard", "remark") else f"({turn['kind']} {turn['text']})"
                lines.append((MARKS[turn["kind"]], words))
        return lines

    def details(self):
        """The journal's turns as they are, for a test that failed."""
        return "\n".join(f"{turn['at']:7} {turn['kind']:8} {turn['text']}  {turn['verdict']} {turn['score'] or ''}"
                         for turn in self.turns)

    def reached(self):
        """Where the call was transferred to: [(extension, what came along)]"""
        return [(event["Extension"], event["Told"]) for event in self.events if event.get("UserEvent") == "Reached"]

    def ended(self):
        return next((event for event in self.events if event.get("UserEvent") == "Ended"), {})


class Call:
    """`program` is what EAGI starts: the path and its arguments. `journal` is the robot's database."""

    def __init__(self, instance, manager, program, journal, folder):
        self.instance, self.manager, self.journal = instance, manager, journal
        self.caller = f"79{secrets.randbelow(10**9):09}"
        self.result = Result(self.caller, audio=pathlib.Path(folder) / f"{self.caller}.wav")
        self.first_event = len(manager.events)
        self.phone = self.media = None
        self.on_act = lambda words, interrupting: None  # told what the caller does
        manager.put("lab", self.caller, ",".join(map(str, program)))

    def run(self, wanted):
        with phone.Phone(self.instance, f"eagi*{self.caller}", self.caller) as telephone:
            self.phone, self.media, self.acted = telephone, telephone.media, 0.0
            if wanted.settings.get("noise"):
                self.media.stand_in(voice.noise(10, wanted.settings["noise"]))
            for number, (mark, words) in enumerate(wanted.lines):
                if mark in (">", ">>"):
                    self._wait_said(sum(1 for before, _ in wanted.lines[:number] if before == "<"))
                    self._act(words, wanted.settings.get("voice", "flite:rms"), mark == ">>")
                    if not words.startswith("(") and [after for after, _ in wanted.lines[number + 1:]][:1] == ["<"]:
                        self._be_understood(words, wanted.lines[number + 1][1], wanted.settings)
            self._wait_over()
        self.media.write_wav(self.result.audio)
        self._collect()
        return self.result

    # --- the caller -----------------------------------------------------------------------------------------------
    def _act(self, words, engine, interrupting):
        if interrupting:
            self._wait_speaking()
            self.phone.wait_ended(INTERRUPT_AFTER)
        else:
            self._wait_finished()
        began = time.monotonic()
        self.on_act(words, interrupting)
        if words == "(hangup)":
            self.phone.hang_up()
        elif words.startswith("(key "):
            self.media.press(words[5:-1])
        elif words.startswith("(noise "):
            self.media.say(voice.noise(float(words[7:-1]), 1500, seed=2))
        elif words != "(silence)":
            self._speak(words, engine, interrupting)
        self.media.wait_said(FINISH_LIMIT)
        self.acted = began if words == "(silence)" else time.monotonic()

    def _speak(self, words, engine, interrupting):
        self.read_journal()
        self.last_said = max((turn["n"] for turn in self.result.turns if turn["kind"] == "said"), default=-1)
        samples = voice.say(words, engine)
        moments = self.media.say(samples)
        if interrupting:
            self.media.wait_said(FINISH_LIMIT)
            first = moments[0] + media.first_loud(samples)
            self.result.stops.append(self.media.loud_until(first, QUIET / 2) - first)

    def _be_understood(self, words, wanted, settings):
        """Like people do: says yes when she asks whether he said it, and says it again when she asks for it."""
        again = settings.get("again", 0)
        while True:
            turn = self._next_said()
            if not turn or script.fits(wanted, turn["text"]):
                return
            if script.fits(settings.get("confirm", "-"), turn["text"]):
                answer = settings["yes"]
            elif again > 0:
                again, answer = again - 1, words
            else:
                return
            self.result.repairs.add(turn["n"])
            self._act(answer, settings.get("voice", "flite:rms"), False)

    def _said(self):
        self.read_journal()
        return [turn for turn in self.result.turns if turn["kind"] == "said" and turn["n"] not in self.result.repairs]

    def _wait_said(self, count):
        """Until she has begun so many of the script's utterances; what sounds before (a ringing tone) is not hers."""
        deadline = time.monotonic() + SPEAK_LIMIT
        while len(said := self._said()) < count and not self.phone.ended:
            if time.monotonic() > deadline:
                raise lab.LabError(f"{self.caller}: she did not speak a {count}. time within {SPEAK_LIMIT} s")
            self.phone.wait_ended(POLL)
        if said:
            self.acted = max(self.acted, self.phone.answered_at + said[-1]["at"] / 1000 - EARLY)

    def _next_said(self):
        """What she says next, from the journal, which is written as it happens; None when she says nothing."""
        deadline = time.monotonic() + SPEAK_LIMIT
        while time.monotonic() < deadline and not self.phone.ended:
            self.read_journal()
            for turn in self.result.turns:
                if turn["kind"] == "said" and turn["n"] > self.last_said:
                    self.last_said = turn["n"]
                    return turn
            self.phone.wait_ended(POLL)
        return None

    def _wait_speaking(self):
        if not self.media.wait_speaking(self.acted, SPEAK_LIMIT) and not self.phone.ended:
            raise lab.LabError(f"{self.caller}: she said nothing for {SPEAK_LIMIT} s")

    def _wait_finished(self):
        self._wait_speaking()
        if not self.media.wait_quiet(QUIET, FINISH_LIMIT):
            raise lab.LabError(f"{self.caller}: she did not stop speaking for {FINISH_LIMIT} s")

    # --- what came of it ------------------------------------------------------------------------------------------
    def _mine(self, event):
        return self.caller in (event.get("CallerIDNum"), event.get("CallerNumber"))

    def _answered(self, event):
        return event["Event"] == "DialEnd" and event.get("DialStatus") == "ANSWER" and self._mine(event)

    def _wait_over(self):
        """Until she hung up. A colleague who answers a transfer stays, so then it is the caller who leaves."""
        deadline = time.monotonic() + END_LIMIT
        while not self.phone.wait_ended(POLL) and time.monotonic() < deadline:
            if self.manager.wait(self._answered, 0, self.first_event):
                self.phone.wait_ended(1)
                return

    def _collect(self):
        self.manager.wait(lambda event: event.get("UserEvent") == "Ended" and self._mine(event), END_LIMIT, self.first_event)
        self.result.events = [event for event in self.manager.events[self.first_event:] if self._mine(event)]
        deadline = time.monotonic() + JOURNAL_LIMIT
        while not self.read_journal() and time.monotonic() < deadline:
            time.sleep(POLL)

    def collected(self):
        """What there is of a call that went wrong."""
        if self.media:
            self.media.write_wav(self.result.audio)
        self.read_journal()
        self.result.events = [event for event in self.manager.events[self.first_event:] if self._mine(event)]
        return self.result

    def read_journal(self):
        """True once the call's row has its end."""
        if not pathlib.Path(self.journal).exists():
            return False
        with contextlib.closing(sqlite3.connect(f"file:{self.journal}?mode=ro", uri=True, timeout=JOURNAL_LIMIT)) as base:
            base.row_factory = sqlite3.Row
            try:
                rows = base.execute("SELECT * FROM calls WHERE caller = ?", [self.caller]).fetchall()
            except sqlite3.OperationalError:  # the robot is just making its tables
                return False
            if not rows:
                return False
            result = self.result
            result.row = dict(rows[0])
            result.turns = [dict(row) for row in base.execute("SELECT * FROM turns WHERE call = ? ORDER BY n", [rows[0]["id"]])]
            result.saved = [(row["table_name"], json.loads(row["fields"])) for row in
                            base.execute("SELECT * FROM saved WHERE call = ? ORDER BY id", [rows[0]["id"]])]
        return result.row["ended"] is not None
