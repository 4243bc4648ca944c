#!/usr/bin/env python3
"""Lists of numbers through the program, beside a name server with faults: served_lists.py PBXCTL

What takes processes, terminals and signals to see: no answer is lost, whatever the server does; a run that is killed is gone on
with; a reader who does not read costs no memory; progress on a terminal; --rate; servers that say nothing at all.
"""
import heapq
import os
import pty
import random
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from name_server import NameServer, Query, naptr  # pylint: disable=wrong-import-position

PBXCTL = sys.argv[1]
DEADLINE = 100  # seconds, of a run that hangs
MEMORY = 64  # MB
GOOD = [naptr(10, 1, "u", "E2U+sip", r"!^(.*)$!sip:\1@example.com!")]


class Everything(dict):
    """A zone in which each name has the same records."""

    def get(self, _name, _default=None):
        return GOOD


class RoughServer(NameServer):
    """Of ten queries one is dropped, one is answered late and one twice."""

    def serve_datagrams(self):
        dice, late = random.Random(6116), []
        while True:
            wait = max(0, late[0][0] - time.monotonic()) if late else None
            if not select.select([self.udp], [], [], wait)[0]:
                _, message, sender = heapq.heappop(late)
                self.udp.sendto(message, sender)
                continue
            try:
                message, sender = self.udp.recvfrom(4096)
            except OSError:
                return
            if not message:
                return
            answer, fate = self.answer(Query(message)), dice.randrange(10)
            if fate == 1:
                heapq.heappush(late, (time.monotonic() + dice.uniform(0.05, 0.5), answer, sender))
            elif fate > 1:
                self.udp.sendto(answer, sender)
            if fate == 2:
                self.udp.sendto(answer, sender)


def numbers(count):
    return [f"+44163{number:07}" for number in range(count)]


def rows(wanted):
    return "".join(f"{number}\tok\tsip:{number}@example.com\tsip\t1\t300\n" for number in wanted)


def command(server, *words):
    return [PBXCTL, "enum", "lookup", "-", "--server", f"127.0.0.1:{server.port}", *words]


def listed(wanted):
    return "".join(number + "\n" for number in wanted)


def run(argv, text):
    return subprocess.run(argv, input=text, capture_output=True, text=True, timeout=DEADLINE, check=False)


def must(good, what):
    if not good:
        sys.exit(f"served_lists: {what}")


def no_answer_is_lost(_):
    server, wanted = RoughServer(Everything()), numbers(5000)
    done = run(command(server, "--timeout", "20s"), listed(wanted))
    must(done.returncode == 0, f"exit {done.returncode}: {done.stderr}")
    must(done.stdout == rows(wanted), "rows are missing, doubled, or not in their place")


def a_killed_run_is_gone_on_with(folder):
    server, wanted = NameServer(Everything()), numbers(20_000)
    source, found = folder / "numbers", folder / "found"
    source.write_text(listed(wanted))
    kills = 0
    for part in range(1, 5):
        with open(source, "rb") as stdin:
            child = subprocess.Popen(command(server, "--resume", found), stdin=stdin)
        enough = part * len(rows(wanted)) // 5
        while child.poll() is None and not (found.exists() and found.stat().st_size >= enough):
            time.sleep(0.001)
        child.kill()
        kills += child.wait() == -9
    must(kills > 0, "no run was killed before its end")
    done = run(command(server, "--resume", found), listed(wanted))
    must(done.returncode == 0 and found.read_text() == rows(wanted), f"after {kills} kills the file is another one than of one run")


def rows_without_an_answer_are_asked_for_again(folder):
    """First a server that refuses every third number, then one that knows all; stopped in between, the file stays whole."""
    class Choosy(NameServer):
        def answer(self, query):
            return self.message(query, [], 5) if query.name[0] in "036" else super().answer(query)
    wanted, found = numbers(3000), folder / "again"
    source = listed(wanted)
    choosy, good, silent = Choosy(Everything()), NameServer(Everything()), NameServer({}, {"drop": "all"})
    done = run(command(choosy, "--resume", found), listed(wanted[:2000]))
    must(done.returncode == 77, f"exit {done.returncode}: {done.stderr}")
    first = found.read_text()
    must(first.count("\trefused\t") == 600, "not every row that was refused says so")
    done = run(command(choosy, "--resume", found), listed(wanted[:2000]))
    must((done.returncode, found.read_text()) == (77, first), f"rows that are there are not counted: exit {done.returncode}")
    child = subprocess.Popen(command(silent, "--resume", found, "--again", "--timeout", "30s"), stdin=subprocess.PIPE)
    child.stdin.write(source.encode())
    child.stdin.close()
    while silent.queries == 0:
        time.sleep(0.001)
    must(found.read_text() == first, "the file changed before the end")
    child.terminate()
    child.terminate()
    must(child.wait(DEADLINE) == 143 and found.read_text() == first, "a run that was stopped lost rows")
    must(run(command(good, "--resume", found, "--again"), listed(wanted[1:])).returncode == 65, "another list was taken")
    must(found.read_text() == first, "another list's run touched the file")
    done = run(command(good, "--resume", found, "--again"), source)
    must(done.returncode == 0 and found.read_text() == rows(wanted), f"exit {done.returncode}: {done.stderr}")
    must(good.queries >= 600 + 1000 and good.queries < 2000, f"{good.queries} were asked for, not those without an answer alone")
    must(not Path(str(found) + ".again").exists(), "something is left beside the file")


def numbers_without_an_answer_end_no_list(_):
    class Lame(NameServer):
        def serve_datagrams(self):
            while True:
                try:
                    message, sender = self.udp.recvfrom(4096)
                except OSError:
                    return
                if message and Query(message).name.lower() == "e164.arpa.":
                    self.udp.sendto(self.answer(Query(message)), sender)
    server, wanted = Lame({}), numbers(300)
    done = run(command(server, "--timeout", "100ms"), listed(wanted))
    told = [line.split("\t")[:2] for line in done.stdout.splitlines()]
    must(done.returncode == 75 and done.stderr == "" and told == [[number, "timeout"] for number in wanted],
         f"exit {done.returncode}, {len(told)} rows: {done.stderr}")


def an_unread_row_costs_no_memory(_):
    server, wanted = NameServer(Everything()), (listed(numbers(1000)) + "twelve\n" * 200_000).encode()
    child = subprocess.Popen(command(server), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    os.set_blocking(child.stdin.fileno(), False)
    written, most = 0, 64 << 20
    while written < most and select.select([], [child.stdin], [], 2)[1]:
        begin = written % len(wanted)
        written += os.write(child.stdin.fileno(), wanted[begin:begin + 65536])
    must(written < most, "64 MB were taken with nobody reading")
    memory = int(Path(f"/proc/{child.pid}/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
    must(memory <= MEMORY or "ASAN_OPTIONS" in os.environ, f"{memory} MB with nobody reading")
    child.stdin.close()
    came = child.stdout.read().count(b"\n")
    child.wait(DEADLINE)
    whole = written // len(wanted) * wanted.count(b"\n") + wanted[:written % len(wanted)].count(b"\n")
    must(came in (whole, whole + 1), f"{came} rows of {whole}")  # the last number may be cut


def on_a_terminal(argv, text):
    """What the program tells on a terminal while its rows go elsewhere."""
    master, slave = pty.openpty()
    child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    child.stdin.write(text.encode())
    child.stdin.close()
    told = b""
    while True:
        try:
            told += os.read(master, 4096)
        except OSError:  # the other end is closed
            break
    os.close(master)
    return child.wait(DEADLINE), told.decode()


def progress_is_told_on_a_terminal(_):
    server, wanted = NameServer(Everything()), numbers(8)
    status, told = on_a_terminal(command(server, "--rate", "8"), listed(wanted))
    lines = told.split("\r\x1b[K")
    must(status == 0 and lines[0] == "" and len(lines) >= 3, f"no progress: {told!r}")
    must(all(" numbers, " in line and line.endswith("/s") for line in lines[1:-1]), f"not progress: {told!r}")
    must(lines[-1].startswith("8 numbers in ") and lines[-1].endswith("/s): 8 found, 0 not\r\n"), f"no last word: {told!r}")
    status, told = on_a_terminal(command(server, "--rate", "8", "--quiet"), listed(wanted))
    must(status == 0 and told == "", f"--quiet tells {told!r}")


def a_rate_is_kept(_):
    server, begin = NameServer(Everything()), time.monotonic()
    done = run(command(server, "--rate", "50"), listed(numbers(50)))
    must(done.stdout == rows(numbers(50)), "rows are missing")
    must(time.monotonic() - begin > 0.8, "50 numbers came sooner than --rate 50 lets them")  # 0.1 s may be caught up with


def a_rough_server_differs_from_none(_):
    rough, smooth, wanted = RoughServer(Everything()), NameServer(Everything()), numbers(2000)
    argv = [PBXCTL, "enum", "diff", f"@127.0.0.1:{rough.port}", f"@127.0.0.1:{smooth.port}", "--timeout", "20s"]
    done = run(argv, listed(wanted))
    must((done.returncode, done.stdout) == (0, ""), f"exit {done.returncode}: {done.stdout}{done.stderr}")
    smooth.zone = {}
    done = run(argv, listed(wanted))
    lines = [f"{number}\tremoved\tsip:{number}@example.com\t(nxdomain)" for number in wanted]
    must(done.returncode == 1 and done.stdout.splitlines() == lines, f"exit {done.returncode}, {done.stdout.count(chr(10))} lines differ")


def begin_with_silent_servers():
    server = NameServer({}, {"drop": "all"})
    child = subprocess.Popen(command(server, "--timeout", "100ms"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
    child.stdin.write(listed(numbers(40)))
    child.stdin.close()
    child.stdin = None
    return child


def silence_ends_a_run(child):
    out, err = child.communicate(timeout=DEADLINE)
    must(child.returncode == 75 and "no answer to anything for 30s" in err, f"exit {child.returncode}: {err}")
    told = [line.split("\t")[:2] for line in out.splitlines()]
    must(0 < len(told) < 40 and told == [[number, "timeout"] for number in numbers(len(told))], f"told {told}")


def main():
    silent = begin_with_silent_servers()
    with tempfile.TemporaryDirectory(prefix="pbxctl-lists-") as folder:
        os.environ["PBXCTL_CONFIG"] = str(Path(folder) / "pbxctl.conf")
        Path(os.environ["PBXCTL_CONFIG"]).write_text("")
        for test in (no_answer_is_lost, a_killed_run_is_gone_on_with, rows_without_an_answer_are_asked_for_again,
                     numbers_without_an_answer_end_no_list, an_unread_row_costs_no_memory, progress_is_told_on_a_terminal,
                     a_rate_is_kept, a_rough_server_differs_from_none):
            begin = time.monotonic()
            test(Path(folder))
            print(f"{test.__name__.replace('_', ' ')} ({time.monotonic() - begin:.1f} s)", flush=True)
        silence_ends_a_run(silent)
        print("silence ends a run")


if __name__ == "__main__":
    main()
