"""What scripts/demo shows once everything is set up: one call, its transcript as it happens, and what it leaves."""

import json
import os
import sys
import tempfile
import threading
import time
import wave

import ami
import call
import lab
import robot
import script

CALLS = lab.SOURCE / "tests/lab/calls"
COLOURS = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
POLL = 0.1


def paint(code, words):
    return f"\x1b[{code}m{words}\x1b[0m" if COLOURS else words


class Screen:
    """The two sides of the call, each line with its time."""

    def __init__(self):
        self.began, self.lock, self.shown = time.monotonic(), threading.Lock(), -1

    def line(self, who, words, code):
        with self.lock:
            print(f"{paint(2, f'{time.monotonic() - self.began:5.1f}')}  {paint(code, f'{who:9}')} {words}", flush=True)

    def acted(self, words, interrupting):
        self.line("caller", f"{'(into her words) ' if interrupting else ''}{words}", 36)

    def turn(self, turn):
        words, kind = turn["text"], turn["kind"]
        if kind == "said":
            self.line("Oksana", words, 33)
        elif kind == "heard":
            score = f" {turn['score']:.1f}" if turn["score"] is not None else ""
            latency = f", {turn['latency']} ms" if turn["latency"] else ""
            self.line("", paint(2, f"heard «{words}» ({turn['verdict']}{score}{latency})"), 2)
        elif kind in ("remark", "timing"):
            self.line("", paint(32 if words.startswith(("transfer", "saved", "answered")) else 2, f"= {words}"), 2)

    def follow(self, one):
        """Shows what the journal gets; it is written as it happens."""
        one.read_journal()
        for turn in one.result.turns:
            if turn["n"] > self.shown:
                self.shown = turn["n"]
                self.turn(turn)


def seconds(path):
    with wave.open(str(path)) as file:
        return file.getnframes() / file.getframerate()


def leaves(one, secretary):
    """What is there after the call."""
    row, result = one.result.row, one.result
    print(f"\n{paint(1, 'The journal row')}  {secretary.journal}")
    for key, value in row.items():
        if value not in (None, "", 0):
            print(f"  {key:15} {value}")
    for table, fields in result.saved:
        print(f"{paint(1, 'Saved')}            {table}: {json.dumps(fields, ensure_ascii=False)}")
    for extension, told in result.reached():
        print(f"{paint(1, 'Colleague')}        {extension} was told: {ami.decoded(told) or 'nothing'}")
    if row.get("recording"):
        print(f"{paint(1, 'Recording')}        {row['recording']} ({seconds(row['recording']):.1f} s)")
    print(f"{paint(1, 'Telephone')}        {result.audio} (left the caller, right Oksana)")
    print(f"{paint(1, 'Again')}            {robot.PBXCTL} --config {secretary.config} oksana report last")


def main(language):
    wanted = script.read(CALLS / f"demo.{language}.calls")[0]
    folder = tempfile.mkdtemp(prefix="pbxctl-demo-")
    secretary = robot.Robot(f"secretary.{language}", folder)
    instance = lab.Instance("a")
    with ami.Ami(instance) as manager:
        manager.put("lab", "oksana", ",".join(map(str, secretary.program("--record"))))
        one = call.Call(instance, manager, secretary.program("--record"), secretary.journal, folder)
        screen = Screen()
        one.on_act = screen.acted
        print(f"\n{paint(1, 'A call')}  sip:{one.caller} → Asterisk {instance.version} → EAGI({robot.PBXCTL.name},oksana,run,{secretary.dialog})\n")
        runner = threading.Thread(target=one.run, args=[wanted], daemon=True)
        runner.start()
        while runner.is_alive():
            screen.follow(one)
            runner.join(POLL)
        screen.follow(one)
    leaves(one, secretary)
    wrong = script.difference(wanted, one.result.transcript())
    print(f"\n{paint(31, f'The call went otherwise than its script: {wrong}') if wrong else paint(32, 'The call went as its script says.')}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
