"""The audio of one call: RTP out every 20 ms like a telephone, RTP in with the moments the other side spoke."""

import array
import collections
import secrets
import select
import socket
import struct
import threading
import time

import g711
import voice

FRAME = 0.020
SAMPLES = 160
KEYS = {key: code for code, key in enumerate("0123456789*#ABCD")}
KEY_FRAMES = 6  # a key is held for 120 ms
LOUD = 100      # root mean square above which a frame counts as speech; a silence file is 0, a spoken word 500 and more
LAG_LIMIT = 5   # frames we may be late before time is given up: a telephone does not send seconds in a burst

Frame = collections.namedtuple("Frame", "at loud samples")
Packet = collections.namedtuple("Packet", "kind payload age moments")  # age: samples since its key was pressed


def first_loud(samples):
    """Seconds of silence that a sound begins with."""
    for place in range(0, len(samples), SAMPLES):
        if voice.level(samples[place:place + SAMPLES]) > LOUD:
            return place / voice.RATE
    return len(samples) / voice.RATE


class Media(threading.Thread):
    """`say` and `press` queue; `heard` is all that came, a Frame each with its moment (monotonic seconds)."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.peer, self.news, self.ended = None, threading.Condition(), threading.Event()
        self.queue, self.heard, self.spoken = collections.deque(), [], []
        self.sequence, self.stamp, self.source = 0, 0, secrets.randbits(32)
        self.background, self.ground = None, 0

    # --- what the caller does -----------------------------------------------------------------------------------
    def say(self, samples):
        """Queues a sound; the list given back holds, once it began, the moment of its first and of its last frame."""
        data, moments = g711.encode(samples), []
        for place in range(0, len(data), SAMPLES):
            self.queue.append(Packet(0, data[place:place + SAMPLES].ljust(SAMPLES, b"\xff"), 0, moments))
        return moments

    def press(self, keys):
        moments = []
        for key in keys:
            for number in range(KEY_FRAMES + 3):  # RFC 4733 2.5.1.4: the end is sent three times
                end = 0x80 if number >= KEY_FRAMES else 0
                payload = struct.pack("!BBH", KEYS[key], end | 10, SAMPLES * min(number + 1, KEY_FRAMES))
                self.queue.append(Packet(101, payload, number * SAMPLES, moments))
            self.queue.extend([Packet(0, g711.SILENCE, 0, moments)] * 6)
        return moments

    def stand_in(self, samples):
        """A noise that goes on behind everything the caller says; None ends it."""
        self.background, self.ground = samples, 0

    def wait_said(self, limit):
        with self.news:
            return self.news.wait_for(lambda: not self.queue or self.ended.is_set(), limit)

    # --- what the other side does ---------------------------------------------------------------------------------
    def last_loud(self, since=0.0):
        """The moment of the last frame with speech in it since then, 0.0 when there was none."""
        for frame in reversed(self.heard):
            if frame.at < since:
                break
            if frame.loud:
                return frame.at
        return 0.0

    def wait_speaking(self, since, limit):
        """Until speech came after `since`; its first moment, 0.0 when none came in time."""
        def first():
            return next((frame.at for frame in self._since(since) if frame.loud), 0.0)
        with self.news:
            self.news.wait_for(lambda: first() or self.ended.is_set(), limit)
            return first()

    def wait_quiet(self, seconds, limit):
        """Until no speech came for so long; False when it goes on."""
        deadline = time.monotonic() + limit
        while not self.ended.is_set():
            now = time.monotonic()
            left = self.last_loud(now - seconds) + seconds - now
            if left <= 0:
                return True
            if now + left > deadline:
                return False
            self.ended.wait(left)
        return True

    def loud_until(self, moment, gap):
        """The end of the speech that goes on at `moment`: its last frame before a gap; `moment` when none goes on."""
        last = moment
        for frame in self._since(moment):
            if frame.at - last > gap:
                break
            if frame.loud:
                last = frame.at
        return last

    def _since(self, moment):
        for number in range(len(self.heard) - 1, -2, -1):
            if number < 0 or self.heard[number].at < moment:
                return self.heard[number + 1:]

    # --- the wire -------------------------------------------------------------------------------------------------
    def run(self):
        due = time.monotonic()
        while not self.ended.is_set():
            self._receive(max(0.0, due - time.monotonic()))
            now = time.monotonic()
            if now < due:
                continue
            self._send(now)
            due += FRAME
            if now - due > LAG_LIMIT * FRAME:
                due = now + FRAME
        self.socket.close()

    def end(self):
        self.ended.set()
        with self.news:
            self.news.notify_all()

    def _receive(self, seconds):
        if not select.select([self.socket], [], [], seconds)[0]:
            return
        data = self.socket.recv(2048)
        if len(data) < 12 or data[1] & 0x7F != 0:
            return
        samples = g711.decode(data[12:])
        with self.news:
            self.heard.append(Frame(time.monotonic(), voice.level(samples) > LOUD, samples))
            self.news.notify_all()

    def _send(self, now):
        packet = self.queue.popleft() if self.queue else Packet(0, g711.SILENCE, 0, [])
        packet.moments[:] = [*packet.moments[:1], now]
        payload = self._over_ground(packet.payload) if self.background and not packet.kind else packet.payload
        # all packets of one key carry the moment it was pressed
        stamp = (self.stamp - packet.age) & 0xFFFFFFFF
        self.sequence, self.stamp = (self.sequence + 1) & 0xFFFF, (self.stamp + SAMPLES) & 0xFFFFFFFF
        if self.peer:
            head = struct.pack("!BBHII", 0x80, packet.kind, self.sequence, stamp, self.source)
            self.socket.sendto(head + payload, self.peer)
        self.spoken.append(g711.SILENCE if packet.kind else payload)
        if not self.queue:
            with self.news:
                self.news.notify_all()

    def _over_ground(self, payload):
        around = array.array("h", (self.background[(self.ground + n) % len(self.background)] for n in range(SAMPLES)))
        self.ground += SAMPLES
        return g711.encode(voice.mixed(g711.decode(payload), around))

    def write_wav(self, path):
        """Left the caller, right the other side, as the telephone sent and got them."""
        heard = array.array("h")
        for frame in self.heard:
            heard.extend(frame.samples)
        voice.write_wav(path, g711.decode(b"".join(self.spoken)), heard)
