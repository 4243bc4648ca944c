"""A telephone's panel of lamps: subscribes to dialog-info (RFC 4235) of many extensions on one socket, notes every NOTIFY."""

import socket
import struct
import threading
import time

import sip

RESEND = 0.5         # seconds; RFC 3261 17.1.2.2 T1
WINDOW = 50          # SUBSCRIBEs unanswered at once: a datagram socket's buffer is small
EXPIRES = 3600
END_LIMIT = 3        # and until all subscriptions are ended
ANSWER_LIMIT = 15    # seconds until a lamp has its first NOTIFY
SO_TIMESTAMPNS = 35  # asm-generic/socket.h: the kernel says when a datagram came, however late Python reads it
COPIED = {b"Via", b"Fro", b"To:", b"Cal", b"CSe"}  # headers of a NOTIFY that its answer repeats, by how they begin


class LampError(Exception):
    pass


class Panel:
    """`with Panel(port) as panel: panel.subscribe(names)`. `panel.shown[name]` is the lamp's state as dialog-info words it
    ("terminated" off, "early" ringing, "confirmed" in use); `panel.seen` is [(nanoseconds since 1970, name, state)]."""

    def __init__(self, port, user="panel"):
        self.user, self.server = user, ("127.0.0.1", port)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.names, self.dialogs, self.answers, self.ending = {}, {}, {}, set()
        self.shown, self.missing, self.seen = {}, {}, []
        self.news = threading.Condition()

    def __enter__(self):
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_):
        names = [name for name, status in self.answers.items() if 200 <= status < 300]
        end = time.monotonic() + END_LIMIT
        for first in range(0, len(names), WINDOW):
            self.ending = set(names[first:first + WINDOW])
            for name in self.ending.copy():
                self._send(self._request(self.dialogs[name], 0))
            while not self.wait(lambda: not self.ending, RESEND) and time.monotonic() < end:
                for name in self.ending.copy():
                    self._send(self._request(self.dialogs[name], 0, again=True))
        self.socket.close()

    def subscribe(self, names, limit=ANSWER_LIMIT):
        """Returns when each has its first NOTIFY; raises with what was refused."""
        names = list(names)
        for name in names:
            dialog = self.dialogs[name] = sip.Dialog(self.port, self.server[1], name, self.user)
            self.names[dialog.call_id.encode()] = name
        deadline = time.monotonic() + limit
        for first in range(0, len(names), WINDOW):
            part = names[first:first + WINDOW]
            for name in part:
                self._send(self._request(self.dialogs[name], EXPIRES))
            while not self._settled(part, RESEND):
                if time.monotonic() > deadline:
                    raise LampError(f"no answer to SUBSCRIBE, or no NOTIFY: {[name for name in part if not self._is_settled(name)][:5]}")
                for name in part:
                    if name not in self.answers:
                        self._send(self._request(self.dialogs[name], EXPIRES, again=True))
        refused = {name: self.answers[name] for name in names if self.answers[name] >= 300}
        if refused:
            raise LampError(f"refused: {refused}")

    def wait(self, wanted, limit):
        """Until `wanted()` says yes; whether it did."""
        with self.news:
            return self.news.wait_for(wanted, limit)

    def wait_shown(self, name, state, limit):
        return self.wait(lambda: self.shown.get(name) == state, limit)

    def _is_settled(self, name):
        status = self.answers.get(name, 0)
        return status >= 300 or (status >= 200 and name in self.shown)

    def _settled(self, names, limit):
        return self.wait(lambda: all(map(self._is_settled, names)), limit)

    def _request(self, dialog, expires, again=False):
        if again:
            dialog.number -= 1  # the same request: RFC 3261 17.1.2
        extra = [("Event", "dialog"), ("Accept", "application/dialog-info+xml"), ("Expires", expires)]
        return dialog.request("SUBSCRIBE", extra=extra)

    def _send(self, data):
        self.socket.sendto(data, self.server)

    def _read(self):
        while True:
            try:
                data, more, _, _ = self.socket.recvmsg(65536, 128)
            except OSError:  # the panel is closed
                return
            seconds, nanoseconds = struct.unpack("qq", more[0][2][:16])
            self._take(data, seconds * 1_000_000_000 + nanoseconds)

    def _take(self, data, at):
        """By hand, not by sip.Message: thousands of NOTIFYs come a second."""
        kept = [line for line in data.partition(b"\r\n\r\n")[0].split(b"\r\n") if line[:3] in COPIED]
        call_id = next((line for line in kept if line.startswith(b"Call-ID")), b"").partition(b":")[2].strip()
        name = self.names.get(call_id)
        if name is None:
            return
        if data.startswith(b"SIP/2.0 "):
            self._take_answer(name, data)
        elif data.startswith(b"NOTIFY "):
            try:
                self._send(b"\r\n".join([b"SIP/2.0 200 OK", *kept, b"Content-Length: 0", b"", b""]))
            except OSError:
                pass
            self._take_state(name, data, at)

    def _take_answer(self, name, data):
        message = sip.Message(data)
        with self.news:
            if message.status < 200:
                return
            if message.status < 300 and name not in self.answers:
                self.dialogs[name].answered(message)
            self.answers.setdefault(name, message.status)
            self.ending.discard(name)
            self.news.notify_all()

    def _take_state(self, name, data, at):
        begin = data.find(b"<state>") + len(b"<state>")
        if begin < len(b"<state>"):
            return
        word = data[begin:data.index(b"<", begin)].decode()
        with self.news:
            self.shown[name] = word
            self.seen.append((at, name, word))
            if self.missing.get(name) == word:
                del self.missing[name]
            if not self.missing:
                self.news.notify_all()

    def show_all(self, wanted, change, limit):
        """Calls change(), then waits until each lamp of `wanted` (name → state) is shown so; what change() returned. Nobody
        else is woken meanwhile."""
        with self.news:
            self.missing = {name: state for name, state in wanted.items() if self.shown.get(name) != state}
        result = change()
        with self.news:
            self.news.wait_for(lambda: not self.missing, limit)
            missing, self.missing = self.missing, {}
        if missing:
            raise LampError(f"{len(missing)} of {len(wanted)} lamps not as wanted within {limit} s: {list(missing.items())[:5]}")
        return result
