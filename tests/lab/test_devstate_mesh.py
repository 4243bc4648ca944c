"""devstate relay between many fake Asterisks: each change written once on each other server, after a cut what differs alone,
storms, stalls, and how long and how large. Real relays, real links."""

import pathlib
import random
import subprocess
import tempfile
import time
import unittest

import brokers
import fake_ami
import proxy
import relays

SOON = 10        # seconds anything may take on a loaded machine that has no bar of its own
SETTLE = 60      # and a large mesh, until all know all
QUIET = 1.0      # seconds in which nothing more may come
RULES = ["send => device Custom:_XXXXX as {1}"]
BAR_CUT = 1.0    # seconds after the link is back
BAR_P99 = 0.020  # seconds, 16 servers
BAR_MEMORY = 64  # MB a relay
STATES = ["INUSE", "RINGING", "BUSY", "ONHOLD", "RINGINUSE", "UNAVAILABLE", "NOT_INUSE"]


def devices(count):
    return [f"Custom:{10_000 + number}" for number in range(count)]


class Case(unittest.TestCase):
    def setUp(self):
        self.world = self.enterContext(fake_ami.World())
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="pbxctl-devstate-")))
        self.asterisks, self.relays = [], []

    def begin(self, count, links, own=3, via=None):
        """`count` servers with `own` devices each; links are pairs (who dials, whom). Returns when all show all."""
        names = [f"s{number}.example.com" for number in range(count)]
        self.asterisks = [self.world.asterisk(name) for name in names]
        self.relays = [relays.Relay(asterisk, name, self.folder / name, RULES, via=via) for asterisk, name in zip(self.asterisks, names)]
        for dials, whom in links:
            self.relays[dials].peers.append(self.relays[whom].url)
        for asterisk in self.asterisks:
            asterisk.silently((device, "NOT_INUSE") for device in devices(own))
        for relay in self.relays:
            self.enterContext(relay)
        self.wait_written((count - 1) * own, SETTLE)

    def wait(self, wanted, limit, what):
        end = time.monotonic() + limit
        while not wanted():
            for relay in self.relays:
                self.assertIn(relay.process and relay.process.poll(), (None,), relay.log()[-2000:])
            self.assertLess(time.monotonic(), end, what() if callable(what) else what)
            time.sleep(0.005)

    def wait_written(self, count, limit=SOON):
        """Until each Asterisk has been written so often in all."""
        self.wait(lambda: all(asterisk.count() >= count for asterisk in self.asterisks), limit,
                  lambda: f"wanted {count}: {[asterisk.count() for asterisk in self.asterisks]}")

    def wait_right(self, limit=SOON, but=()):
        """Until each Asterisk shows each other's devices as they are."""
        self.wait(lambda: not self.wrong(but), limit, lambda: f"wrong: {self.wrong(but)[:5]}")

    def wrong(self, but=()):
        """[(where, device, is, should be)]"""
        rows = []
        with self.world.lock:
            for origin in self.asterisks:
                own = [(device, state) for device, state in origin.devices.items() if "*" not in device]
                for other in self.asterisks:
                    if other is not origin and other not in but and origin not in but:
                        rows += [(other.name, f"{device}*{origin.name}", other.devices.get(f"{device}*{origin.name}"), state)
                                 for device, state in own if other.devices.get(f"{device}*{origin.name}") != state]
        return rows

    def forget_writes(self):
        with self.world.lock:
            for asterisk in self.asterisks:
                asterisk.writes.clear()
                asterisk.echoes = 0

    def writes(self):
        with self.world.lock:
            return [list(asterisk.writes) for asterisk in self.asterisks]


class Mesh(Case):
    """1 change = 4 writes, whatever the links."""

    def walk(self):
        self.forget_writes()
        for number in range(1, 21):
            self.asterisks[number % 5].set(devices(1)[0], STATES[number % 7])
            self.wait(lambda: sum(map(len, self.writes())) >= 4 * number, SOON, lambda: f"change {number}: {self.writes()}")
        self.wait_right()
        time.sleep(QUIET)
        self.assertEqual(sum(map(len, self.writes())), 80)
        self.assertEqual([(asterisk.echoes, asterisk.refused) for asterisk in self.asterisks], [(0, 0)] * 5)
        self.assertEqual({device.count("*") for asterisk in self.asterisks for device in asterisk.devices}, {0, 1})

    def test_full(self):
        """five relays in a full mesh: one change is written four times, none comes back"""
        self.begin(5, [(dials, whom) for dials in range(5) for whom in range(5) if dials != whom])
        self.walk()

    def test_ring(self):
        """five relays in a ring: one change is written four times, none goes round"""
        self.begin(5, [(number, (number + 1) % 5) for number in range(5)])
        self.walk()

    def test_ring_in_mesh(self):
        """five relays in a full mesh that is a ring over a broker too: one change is written four times"""
        broker = self.enterContext(brokers.Mosquitto())
        self.begin(5, [(dials, whom) for dials in range(5) for whom in range(dials)], via=broker.url)
        self.walk()

    def test_chain(self):
        """five relays in a chain: one change is written four times"""
        self.begin(5, [(number, number + 1) for number in range(4)])
        self.walk()


class Second(Case):
    def test_by_hand(self):
        """a relay started by hand beside the service, with its configuration: it writes nothing, and the service's lamps stay"""
        self.begin(2, [(1, 0)])
        self.forget_writes()
        second = self.enterContext(relays.Relay(self.asterisks[1], self.relays[1].server, self.folder / "second", RULES,
                                                [self.relays[0].url], listen=False))
        self.wait(lambda: "nothing is written to Asterisk" in second.log(), SOON, lambda: second.log())
        time.sleep(6)  # past dead_after and grace, when what nobody was heard of turns dark
        self.assertEqual(self.writes(), [[], []])
        self.assertEqual(self.wrong(), [])
        self.relays[1].kill()  # then it takes the service's place
        self.asterisks[0].set(devices(1)[0], "BUSY")
        self.relays.pop()
        self.wait(lambda: not self.wrong(), SOON, lambda: f"{self.wrong()[:5]}: {second.log()}")

    def test_other_hand(self):
        """a program that sets a lamp back each time is met three times, not for ever"""
        self.begin(2, [(1, 0)])
        self.forget_writes()
        lamp, relay, asterisk = f"{devices(1)[0]}*{self.relays[0].server}", self.relays[1], self.asterisks[1]
        for number in range(20):
            seen = asterisk.count()
            asterisk.set(lamp, "BUSY")
            end = time.monotonic() + 0.2
            while asterisk.count() == seen and time.monotonic() < end:
                time.sleep(0.005)
        self.assertEqual([len(part) for part in self.writes()], [0, 3])
        self.assertEqual(relay.log().count("by someone else again and again"), 1, relay.log())
        self.asterisks[0].set(devices(1)[0], "INUSE")  # another value: it is the relay's again
        self.wait_right()


class Deaf(Case):
    """An Asterisk that answers Ping but not the question for its devices."""

    def watch(self):
        relay = relays.Relay(self.asterisk, "s0.example.com", self.folder / "watch", peers=["ws://127.0.0.1:1"])
        relay.write_config()
        return relay.command("devstate", "watch")

    def setUp(self):
        super().setUp()
        self.asterisk = self.world.asterisk("s0.example.com")
        self.asterisk.silently([("Custom:10000", "INUSE")])

    def test_watch(self):
        """devstate watch ends with what is wrong when its first table doesn't come"""
        self.asterisk.deaf_to.add("devicestatelist")
        done = subprocess.run(self.watch(), capture_output=True, text=True, timeout=SETTLE, check=False)
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertIn("DeviceStateList was not answered in time", done.stderr)

    def test_watch_again(self):
        """devstate watch asks again when a later table doesn't come, and tells what has changed"""
        log = self.folder / "watch.log"
        with open(log, "wb") as out, subprocess.Popen(self.watch(), stdout=out, stderr=out) as process:
            try:
                self.wait(lambda: "Custom:10000\tINUSE" in log.read_text(), SOON, log.read_text)
                self.asterisk.deaf_to.add("devicestatelist")
                self.asterisk.cut(reopen=True)
                self.wait(lambda: "asking again" in log.read_text(), SOON + 5, log.read_text)
                self.asterisk.silently([("Custom:10000", "BUSY")])
                self.asterisk.deaf_to.clear()
                self.wait(lambda: "Custom:10000\tBUSY" in log.read_text(), SOON + 5, log.read_text)
            finally:
                process.terminate()


class Cut(Case):
    """10,000 devices, 500 of them changed while something is cut: 500 writes, all right within 1 s after it is back."""
    own, changed = 10_000, 500

    def begin_pair(self):
        """Server 1 dials server 0 through a proxy, and its AMI goes through another."""
        self.asterisks = [self.world.asterisk(f"s{number}.example.com") for number in range(2)]
        self.asterisks[0].silently((device, "NOT_INUSE") for device in devices(self.own))
        one = relays.Relay(self.asterisks[0], "s0.example.com", self.folder / "0", RULES)
        self.link = self.enterContext(proxy.Proxy(one.port))
        other = relays.Relay(self.asterisks[1], "s1.example.com", self.folder / "1", RULES,
                             [f"ws://127.0.0.1:{self.link.port}"], listen=False)
        self.relays = [self.enterContext(one), self.enterContext(other)]
        self.wait(lambda: self.asterisks[1].count() >= self.own, SETTLE, lambda: f"{self.asterisks[1].count()} written")
        self.forget_writes()

    def changes(self):
        return [(device, "INUSE") for device in random.Random(1).sample(devices(self.own), self.changed)]

    def check(self, back):
        """`back`: when it was back, seconds."""
        self.wait_right()
        time.sleep(QUIET)
        written = self.writes()
        self.assertEqual([len(part) for part in written], [0, self.changed])
        took = max(at for at, _, _ in written[1]) - back
        print(f"{self.own} devices, {self.changed} changed: {self.changed} writes, the last {took * 1000:.0f} ms after the cut's end")
        self.assertLessEqual(took, BAR_CUT)

    def test_link(self):
        """a link cut while 500 of 10,000 devices change: 500 writes, all within 1 s after it is back"""
        self.begin_pair()
        self.link.cut()
        self.asterisks[0].set_all(self.changes())
        taken = self.link.taken
        self.link.mend()
        self.wait(lambda: self.link.taken > taken, SOON, "no new connection")
        self.check(self.link.taken_at)

    def test_other_asterisk(self):
        """AMI of the other side cut while 500 of 10,000 devices change: 500 writes, all within 1 s after it is back"""
        self.begin_pair()
        self.asterisks[1].cut()
        self.asterisks[0].set_all(self.changes())
        self.asterisks[1].reopen()
        self.wait(lambda: self.asterisks[1].logged_in_at, SOON, "no new login")
        self.check(self.asterisks[1].logged_in_at)

    def test_own_asterisk(self):
        """AMI of the own side cut while 500 of 10,000 devices change unheard: 500 writes, all within 1 s after it is back"""
        self.begin_pair()
        self.asterisks[0].cut()
        self.asterisks[0].silently(self.changes())
        self.asterisks[0].reopen()
        self.wait(lambda: self.asterisks[0].logged_in_at, SOON, "no new login")
        self.check(self.asterisks[0].logged_in_at)


class Large(Case):
    def test_sixteen(self):
        """16 servers with 3,000 devices each: a change is on all others within 20 ms at p99, and a relay has 64 MB at most"""
        count, own, changes = 16, 3000, 300
        began = time.monotonic()
        self.begin(count, [(dials, whom) for dials in range(count) for whom in range(dials)], own)
        settled = time.monotonic() - began
        self.forget_writes()
        dice, told = random.Random(16), {}
        for number in range(changes):
            asterisk, device = dice.choice(self.asterisks), devices(own)[number]
            told[f"{device}*{asterisk.name}"] = asterisk.set(device, "INUSE")
            self.wait(lambda: sum(map(len, self.writes())) >= (number + 1) * (count - 1), SOON, "a change is lost")
        delays = sorted(at - told[device] for part in self.writes() for at, device, _ in part)
        self.assertEqual(len(delays), changes * (count - 1))
        p50, p99 = (delays[int(len(delays) * part)] * 1000 for part in (0.5, 0.99))
        memory = max(relay.memory() for relay in self.relays)
        print(f"{count} servers, {own} devices each: all on all after {settled:.1f} s; a change p50 {p50:.1f} ms, p99 {p99:.1f} ms; "
              f"largest relay {memory:.0f} MB")
        self.assertLessEqual(memory, BAR_MEMORY)
        self.assertLessEqual(p99 / 1000, BAR_P99)


class Storm(Case):
    """50,000 changes on 1,000 devices in 5 s while the other side reads nothing: bounded memory, and right in the end."""
    own, changes, seconds = 1000, 50_000, 5

    def storm(self):
        dice, begin, piece = random.Random(5), time.monotonic(), 500
        for number in range(0, self.changes, piece):
            self.asterisks[0].set_all([(dice.choice(self.names), dice.choice(STATES)) for _ in range(piece)])
            time.sleep(max(0.0, begin + self.seconds * (number + piece) / self.changes - time.monotonic()))
            self.most = max(self.most, *(relay.memory() for relay in self.relays))

    def walk(self, stall, end):
        self.names, self.most = devices(self.own), 0
        stall()
        self.storm()
        end()
        self.wait_right(30)
        print(f"{self.changes} changes in {self.seconds} s before a stalled reader: {self.most:.0f} MB at most, "
              f"{len(self.writes()[1])} writes, all right")
        self.assertLessEqual(self.most, BAR_MEMORY)

    def begin_pair(self):
        self.asterisks = [self.world.asterisk(f"s{number}.example.com") for number in range(2)]
        self.asterisks[0].silently((device, "NOT_INUSE") for device in devices(self.own))
        one = relays.Relay(self.asterisks[0], "s0.example.com", self.folder / "0", RULES)
        self.link = self.enterContext(proxy.Proxy(one.port))
        other = relays.Relay(self.asterisks[1], "s1.example.com", self.folder / "1", RULES,
                             [f"ws://127.0.0.1:{self.link.port}"], listen=False)
        self.relays = [self.enterContext(one), self.enterContext(other)]
        self.wait_right(SETTLE)
        self.forget_writes()

    def test_stalled_asterisk(self):
        """a storm before an Asterisk that reads nothing: memory stays bounded and all is right in the end"""
        self.begin_pair()
        self.walk(self.asterisks[1].stall, lambda: self.asterisks[1].stall(False))

    def test_stalled_link(self):
        """a storm before a link that carries nothing: memory stays bounded and all is right in the end"""
        self.begin_pair()
        self.walk(self.link.silence, self.link.mend)

    def test_stalled_relay(self):
        """a storm before a relay that is stopped: memory stays bounded and all is right in the end"""
        self.begin_pair()
        self.walk(self.relays[1].stop, self.relays[1].carry_on)
