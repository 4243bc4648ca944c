"""What `oksana run` costs from exec to its first AGI command; the call waits for it."""

import os
import pathlib
import re
import signal
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


def spawn(program):
    """Its process and our ends of its stdin and stdout; fd 3 is a pipe, as under EAGI. No fork: that would count too."""
    commands, answers, audio = os.pipe(), os.pipe(), os.pipe()
    places = [(commands[1], 1), (answers[0], 0), (audio[0], 3)]
    actions = [(os.POSIX_SPAWN_DUP2, ours, ours + 100) for ours, _ in places]  # none is in another's place
    actions += [(os.POSIX_SPAWN_DUP2, ours + 100, its) for ours, its in places]
    pid = os.posix_spawn(program[0], list(map(str, program)), os.environ, file_actions=actions)
    for end in commands[1], answers[0], audio[0]:
        os.close(end)
    return pid, answers[1], commands[0], audio[1]


def first_command(program):
    """The command, and CPU milliseconds and private megabytes at the moment it is there."""
    pid, stdin, stdout, audio = spawn(program)
    os.write(stdin, ENVIRONMENT)
    command = os.read(stdout, 4096)
    of = pathlib.Path(f"/proc/{pid}")
    cpu = sum(int((task / "schedstat").read_text().split()[0]) for task in (of / "task").iterdir()) / 1e6
    private = sum(int(kb) for kb in re.findall(r"Private_\w+: +(\d+) kB", (of / "smaps_rollup").read_text())) / 1024
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    for end in stdin, stdout, audio:
        os.close(end)
    return command, cpu, private


class Start(unittest.TestCase):
    def test_start(self):
        """oksana run needs at most 15 ms of CPU and 12 MB of its own until its first AGI command"""
        with tempfile.TemporaryDirectory(prefix="pbxctl-start-", ignore_cleanup_errors=True) as folder:
            program = robot.Robot("secretary.ru", folder).program()
            runs = [first_command(program) for _ in range(RUNS)]
        commands = {command for command, _, _ in runs}
        # the least disturbed run: what others do to the caches of a busy machine is counted as ours in the rest
        times, private = sorted(cpu for _, cpu, _ in runs), max(private for _, _, private in runs)
        print(f"to {commands}: {times[0]:.1f} ms of CPU at best, {times[RUNS // 2]:.1f} ms in the median of {RUNS},"
              f" {private:.1f} MB of its own")
        self.assertEqual(len(commands), 1)
        self.assertRegex(commands.pop(), rb"^[A-Z ]+.*\n$")
        self.assertLessEqual(times[0], CPU_BAR)
        self.assertLessEqual(private, MEMORY_BAR)
