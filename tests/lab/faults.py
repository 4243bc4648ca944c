"""Servers with relays to which random faults are done: each is one more edge or node of a small network that is up or down.

What each telephone must show follows from that alone: a server's lamps are as they are where it can be reached, else UNAVAILABLE.
"""

import random
import time

import ami
import lab
import proxy
import relays

DEAD = 3        # seconds: the dead-peer time
MARGIN = 5      # seconds after it: the bar
DARK = "UNAVAILABLE"
STATES = ["NOT_INUSE", "INUSE", "RINGING", "BUSY", "ONHOLD", "RINGINUSE"]
DEVICES = [f"Custom:{number}" for number in range(1000, 1020)]
RULES = ["send => device Custom:_1XXX as {1}"]
HOLDS = [(0.4, 0.05, 2.0), (0.8, 2.0, 5.0), (1.0, DEAD + MARGIN + 0.5, DEAD + MARGIN + 1.5)]  # up to this chance: seconds from, to
POLL = 0.05


class FakeServer:
    """A fake Asterisk: it can be gone (its connections cut) or hang (it reads nothing)."""

    def __init__(self, name, world):
        self.name, self.asterisk = name, world.asterisk(name)
        self.up = True

    def set(self, device, state):
        self.asterisk.set(device, state)

    def shows(self):
        with self.asterisk.world.lock:
            return dict(self.asterisk.devices)

    def faults(self):
        return {"is gone": (self.asterisk.cut, self.asterisk.reopen), "hangs": (self.asterisk.stall, lambda: self.asterisk.stall(False))}


class RealServer:
    """A lab's Asterisk: it can be killed (and started again) or stopped."""

    def __init__(self, name, instance):
        self.name, self.asterisk = name, instance
        self.up = True

    def set(self, device, state):
        if self.up:
            with ami.Ami(self.asterisk) as manager:
                manager.act("Setvar", Variable=f"DEVICE_STATE({device})", Value=state)

    def shows(self):
        with ami.Ami(self.asterisk) as manager:
            manager.act("DeviceStateList")
            manager.wait(lambda event: event["Event"] == "DeviceStateListComplete", lab.ASK_LIMIT)
            return {event["Device"]: event["State"] for event in manager.events if "Device" in event}

    def faults(self):
        return {"is killed": (self.asterisk.kill, self.asterisk.start_again),
                "is stopped": (self.asterisk.stop, self.asterisk.carry_on)}


class Network:
    """Relays of `servers`, linked by `pairs` (who dials, whom) through proxies, or all by `broker` through one proxy each."""

    def __init__(self, servers, folder, pairs=(), broker=None, seed=1):
        self.servers, self.broker, self.dice = servers, broker, random.Random(seed)
        self.links = {}
        self.relays = [relays.Relay(server.asterisk, server.name, folder / server.name, RULES) for server in servers]
        for dials, whom in pairs:
            self.links[dials, whom] = proxy.Proxy(self.relays[whom].port)
            self.relays[dials].peers.append(f"ws://127.0.0.1:{self.links[dials, whom].port}")
        if broker:
            for number, relay in enumerate(self.relays):
                self.links[number, None] = proxy.Proxy(broker.ports[0])
                relay.via = f"mqtt://127.0.0.1:{self.links[number, None].port}"
        self.down = set()  # ("relay", number), ("asterisk", number), ("link", pair), ("broker",)
        self.worst, self.counts = 0.0, {}

    def __enter__(self):
        try:
            for link in self.links.values():
                link.__enter__()
            for server in self.servers:
                for device in DEVICES:
                    server.set(device, self.dice.choice(STATES))
            for relay in self.relays:
                relay.start()
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        for each in [*self.relays, *self.links.values()]:
            each.__exit__()

    # what must be shown
    def reaches(self, one, other):
        """Whether a way leads from one server to the other over relays, links and broker that are up."""
        seen, open_ = {one}, [one]
        while open_:
            here = open_.pop()
            for pair in self.links:
                ends = self.ends(pair)
                if here in ends and ("link", pair) not in self.down:
                    new = {end for end in ends if end not in seen and ("relay", end) not in self.down and (end != "broker" or ("broker",) not in self.down)}
                    seen |= new
                    open_ += new
        return other in seen

    def ends(self, pair):
        return {pair[0], "broker" if pair[1] is None else pair[1]}

    def alive(self, number):
        return ("relay", number) not in self.down and ("asterisk", number) not in self.down

    def wrong(self):
        """[(where, lamp, is, should be)] of every server whose relay and Asterisk are up."""
        rows = []
        shown = {number: server.shows() for number, server in enumerate(self.servers) if ("asterisk", number) not in self.down}
        for number, server in enumerate(self.servers):
            for other in range(len(self.servers)):
                if other == number or not self.alive(other):
                    continue
                seen = self.alive(number) and self.reaches(number, other)
                for device in DEVICES:
                    wanted = shown[number].get(device) if seen else DARK
                    lamp = f"{device}*{server.name}"
                    if shown[other].get(lamp) != wanted:
                        rows.append((self.servers[other].name, lamp, shown[other].get(lamp), wanted))
        return rows

    def wait_right(self, limit):
        """The rows that are still wrong at the end of `limit` seconds; how long it took is kept."""
        begin = time.monotonic()
        while (rows := self.wrong()) and time.monotonic() < begin + limit:
            time.sleep(POLL)
        self.worst = max(self.worst, time.monotonic() - begin)
        return rows

    # faults
    def choices(self):
        """[(what, how, do, undo)] of all that may happen now."""
        found = []
        for number, (server, relay) in enumerate(zip(self.servers, self.relays)):
            found += [(("relay", number), "is killed", relay.kill, relay.start), (("relay", number), "is stopped", relay.stop, relay.carry_on)]
            found += [(("asterisk", number), how, do, undo) for how, (do, undo) in server.faults().items()]
        found += [(("link", pair), how, do, link.mend) for pair, link in self.links.items() for how, do in
                  (("is cut", link.cut), ("is silent", link.silence))]
        if self.broker:
            found += [(("broker",), "is killed", self.broker.kill, self.back), (("broker",), "is stopped", self.broker.stop, self.broker.carry_on)]
        return [choice for choice in found if choice[0] not in self.down]

    def back(self):
        self.broker.start()
        self.broker.wait_up()

    def change_some(self):
        for number, server in enumerate(self.servers):
            if ("asterisk", number) not in self.down:
                for _ in range(3):
                    server.set(self.dice.choice(DEVICES), self.dice.choice(STATES))

    def fault(self):
        """One fault and its end, with changes before, in it and after; what was wrong, in words."""
        what, how, do, undo = self.dice.choice(self.choices())
        chance = self.dice.random()
        hold = next(self.dice.uniform(low, high) for most, low, high in HOLDS if chance <= most)
        self.counts[what[0], how] = self.counts.get((what[0], how), 0) + 1
        begin = time.monotonic()
        self.down.add(what)
        self.mark(what, False)
        do()
        self.change_some()
        wrong = []
        if hold > DEAD + MARGIN:
            wrong = self.wait_right(DEAD + MARGIN)
        time.sleep(max(0.0, begin + hold - time.monotonic()))
        undo()
        self.down.discard(what)
        self.mark(what, True)
        self.change_some()
        return [f"{what} {how} for {hold:.1f} s, during it: {row}" for row in wrong[:3]] + \
            [f"{what} {how} for {hold:.1f} s, after it: {row}" for row in self.wait_right(DEAD + MARGIN)[:3]]

    def mark(self, what, up):
        if what[0] == "asterisk":
            self.servers[what[1]].up = up
