"""What `oksana run` costs from exec to its first AGI command; the call waits for it."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import robot

RUNS = 15
CPU_BAR = 15.0     # milliseconds
MEMORY_BAR = 12.0  # MB of its own, before any speech engine is loaded
ENVIRONMENT = b"""agi_request: pbxctl
agi_channel: PJSIP/phone-00000001
agi_language: ru
agi_uniqueid: 1.1
agi_callerid: 79001234567
agi_calleridname: unknown
agi_context: lab
agi_extension: 500
agi_priority: 1
agi_enhanced: 1.0

"""


def first_command(program):
    """CPU milliseconds and private megabytes at the moment its first command is there."""
    audio, audio_end = os.pipe()

    def take_audio():
        os.dup2(audio, 3)

    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=take_audio, close_fds=False) as process:
        process.stdin.write(ENVIRONMENT)
        process.stdin.flush()
        command = process.stdout.readline()
        of = pathlib.Path(f"/proc/{process.pid}")
        cpu = sum(int((task / "schedstat").read_text().split()[0]) for task in (of / "task").iterdir()) / 1e6
        private = sum(int(kb) for kb in re.findall(r"Private_\w+: +(\d+) kB", (of / "smaps_rollup").read_text())) / 1024
        process.kill()
    os.close(audio)
    os.close(audio_end)
    return command, cpu, private


class Start(unittest.TestCase):
    def test_start(self):
        """oksana run needs at most 15 ms of CPU and 12 MB of its own until its first AGI command"""
        with tempfile.TemporaryDirectory(prefix="pbxctl-start-", ignore_cleanup_errors=True) as folder:
            program = robot.Robot("secretary.ru", folder).program()
            runs = [first_command(program) for _ in range(RUNS)]
        commands = {command for command, _, _ in runs}
        cpu, private = sorted(cpu for _, cpu, _ in runs)[RUNS // 2], max(private for _, _, private in runs)
        print(f"to {commands}: {cpu:.1f} ms of CPU (median of {RUNS}), {private:.1f} MB of its own")
        self.assertEqual(len(commands), 1)
        self.assertRegex(commands.pop(), rb"^[A-Z ]+.*\n$")
        self.assertLessEqual(cpu, CPU_BAR)
        self.assertLessEqual(private, MEMORY_BAR)
