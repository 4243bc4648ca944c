"""Fake Asterisks' manager interfaces: thousands of Custom: devices, every Setvar counted, changes echoed as Asterisk does.

For what real ones can't be made to do: 16 of them on one machine, cuts, counting writes. All run on one thread.
"""

import hashlib
import re
import selectors
import socket
import threading
import time

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
USER, SECRET = "relay", "not-a-secret"
SETTABLE = re.compile(r"(DEVICE_STATE|PRESENCE_STATE)\((Custom(?:Presence)?:[^)]+)\)")
STATES = {"NOT_INUSE", "INUSE", "BUSY", "INVALID", "UNAVAILABLE", "RINGING", "RINGINUSE", "ONHOLD"}
LIST_CHUNK = 500  # entries of a list in one piece


class Session:
    def __init__(self, asterisk, connection):
        self.asterisk, self.connection = asterisk, connection
        self.incoming, self.outgoing = b"", bytearray(BANNER)
        self.logged_in, self.events, self.challenge = False, False, "841415273"

    def answer(self, request, response="Success", **fields):
        words = [f"Response: {response}"]
        if "ActionID" in request:
            words.append(f"ActionID: {request['ActionID']}")
        words += [f"{key}: {value}" for key, value in fields.items()]
        self.outgoing += ("\r\n".join(words) + "\r\n\r\n").encode()

    def entries(self, request, event, complete, entries):
        tail = f"ActionID: {request['ActionID']}\r\n" if "ActionID" in request else ""
        self.answer(request, EventList="start", Message="A listing will follow")
        for first in range(0, len(entries), LIST_CHUNK):
            self.outgoing += "".join(f"Event: {event}\r\n{tail}{entry}\r\n" for entry in entries[first:first + LIST_CHUNK]).encode()
        self.outgoing += f"Event: {complete}\r\n{tail}EventList: Complete\r\nListItems: {len(entries)}\r\n\r\n".encode()


class FakeAsterisk:
    """`devices`: name → state. `writes`: [(seconds, device, state)] of every Setvar that was obeyed; `echoes` of writes that
    changed nothing, `refused` of those Asterisk refuses."""

    def __init__(self, world, name):
        self.world, self.name = world, name
        self.devices, self.presences, self.writes, self.echoes, self.refused = {}, {}, [], 0, 0
        self.sessions, self.open, self.reading, self.logged_in_at = set(), True, True, 0.0
        self.deaf_to = set()  # actions, in small letters, that are never answered
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.ports = {"AMI_USER": USER, "AMI_SECRET": SECRET, "RELAY_USER": USER, "RELAY_SECRET": SECRET}

    def port(self, _):
        return self.socket.getsockname()[1]

    # what a test does, on its own thread
    def set(self, device, state):
        """The Asterisk's own change: a telephone, a call. Seconds (monotonic) when it was told."""
        return self.set_all([(device, state)])

    def set_all(self, pairs):
        with self.world.lock:
            at = time.monotonic()
            text = b"".join(self._change(device, state) for device, state in pairs)
            self._tell(text)
        self.world.wake()
        return at

    def silently(self, pairs):
        """Changes that nobody hears: as when the relay is cut off."""
        with self.world.lock:
            self.devices.update(pairs)

    def cut(self, reopen=False):
        """All sessions end; new ones are refused until open again."""
        with self.world.lock:
            self.open, self.logged_in_at = reopen, 0.0
            for session in list(self.sessions):
                self.world.drop(session)

    def reopen(self):
        with self.world.lock:
            self.open = True

    def stall(self, stalled=True):
        """Reads nothing any more, as a hung Asterisk."""
        with self.world.lock:
            self.reading = not stalled
        self.world.wake()

    def count(self):
        with self.world.lock:
            return len(self.writes)

    # on the world's thread, under its lock
    def _change(self, device, state):
        if self.devices.get(device) == state:
            return b""
        self.devices[device] = state
        return f"Event: DeviceStateChange\r\nPrivilege: call,all\r\nDevice: {device}\r\nState: {state}\r\n\r\n".encode()

    def _tell(self, text):
        if text:
            for session in self.sessions:
                if session.events:
                    session.outgoing += text

    def act(self, session, request):
        action = request.get("Action", "").lower()
        if action == "challenge":
            session.answer(request, Challenge=session.challenge)
        elif action == "login":
            self._log_in(session, request)
        elif not session.logged_in:
            session.answer(request, "Error", Message="Permission denied")
        elif action not in self.deaf_to:
            getattr(self, f"_{action}", self._unknown)(session, request)

    def _log_in(self, session, request):
        proof = hashlib.md5((session.challenge + SECRET).encode()).hexdigest()
        if request.get("Username") != USER or (request.get("Secret") != SECRET and request.get("Key") != proof):
            session.answer(request, "Error", Message="Authentication failed")
            return
        session.logged_in, session.events = True, request.get("Events", "on") != "off"
        self.logged_in_at = time.monotonic()
        session.answer(request, Message="Authentication accepted")

    def _unknown(self, session, request):
        session.answer(request, "Error", Message="Invalid/unknown command: " + request.get("Action", ""))

    def _ping(self, session, request):
        session.answer(request, Ping="Pong", Timestamp="1.0")

    def _events(self, session, request):
        session.events = request.get("EventMask", "on").lower() not in ("off", "")
        session.answer(request, Events="On" if session.events else "Off")

    def _coresettings(self, session, request):
        session.answer(request, AMIversion="11.0.0", AsteriskVersion="22.10.1", SystemName=self.name)

    def _devicestatelist(self, session, request):
        session.entries(request, "DeviceStateChange", "DeviceStateListComplete",
                        [f"Device: {device}\r\nState: {state}\r\n" for device, state in self.devices.items()])

    def _extensionstatelist(self, session, request):
        session.entries(request, "ExtensionStatus", "ExtensionStateListComplete", [])

    def _presencestatelist(self, session, request):
        session.entries(request, "PresenceStateChange", "PresenceStateListComplete",
                        [f"Presentity: {name}\r\nStatus: {value}\r\n" for name, value in self.presences.items()])

    def _setvar(self, session, request):
        name, state = SETTABLE.fullmatch(request.get("Variable", "")), request.get("Value", "").upper()
        if not name or (name[1] == "DEVICE_STATE" and state not in STATES):
            self.refused += 1
            session.answer(request, "Error", Message="Variable not set")
            return
        self.writes.append((time.monotonic(), name[2], state))
        session.answer(request, Message="Variable Set")
        if name[1] == "PRESENCE_STATE":
            self.presences[name[2]] = request.get("Value", "")
            return
        text = self._change(name[2], state)
        self.echoes += not text
        self._tell(text)


class World:
    """`with World() as world: a = world.asterisk("a.example.com")`"""

    def __init__(self):
        self.lock, self.selector = threading.RLock(), selectors.DefaultSelector()
        self.asterisks, self.ended = [], False
        self.bell, self.ear = socket.socketpair()
        self.bell.setblocking(False)
        self.selector.register(self.ear, selectors.EVENT_READ, None)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended = True
        self.wake()
        self.thread.join()
        for asterisk in self.asterisks:
            for session in list(asterisk.sessions):
                self.drop(session)
            asterisk.socket.close()
        self.selector.close()
        self.bell.close()
        self.ear.close()

    def asterisk(self, name):
        with self.lock:
            asterisk = FakeAsterisk(self, name)
            self.asterisks.append(asterisk)
            self.selector.register(asterisk.socket, selectors.EVENT_READ, asterisk)
        self.wake()
        return asterisk

    def wake(self):
        try:
            self.bell.send(b".")
        except OSError:
            pass

    def drop(self, session):
        session.asterisk.sessions.discard(session)
        try:
            self.selector.unregister(session.connection)
        except (KeyError, ValueError):
            return
        session.connection.close()

    def _run(self):
        while not self.ended:
            ready = self.selector.select(1)
            with self.lock:
                for key, events in ready:
                    self._serve(key.fileobj, key.data, events)
                for asterisk in self.asterisks:
                    for session in list(asterisk.sessions):
                        self._write(session)

    def _serve(self, connection, owner, events):
        if owner is None:
            connection.recv(65536)
        elif isinstance(owner, FakeAsterisk):
            taken = owner.socket.accept()[0]
            if not owner.open:
                taken.close()
                return
            taken.setblocking(False)
            taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = Session(owner, taken)
            owner.sessions.add(session)
            self.selector.register(taken, selectors.EVENT_READ, session)
        elif events & selectors.EVENT_READ and owner in owner.asterisk.sessions:
            self._read(owner)

    def _read(self, session):
        try:
            data = session.connection.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.drop(session)
            return
        *blocks, session.incoming = (session.incoming + data).split(b"\r\n\r\n")
        for block in blocks:
            session.asterisk.act(session, dict(line.split(": ", 1) for line in block.decode().split("\r\n") if ": " in line))

    def _write(self, session):
        if session.outgoing:
            try:
                del session.outgoing[:session.connection.send(session.outgoing)]
            except BlockingIOError:
                pass
            except OSError:
                self.drop(session)
                return
        wanted = (selectors.EVENT_READ if session.asterisk.reading else 0) | (selectors.EVENT_WRITE if session.outgoing else 0)
        self._watch(session, wanted)

    def _watch(self, session, wanted):
        """A selector wants at least one event: a session that neither reads nor writes is taken out."""
        known = self.selector.get_map().get(session.connection)
        if not wanted:
            if known:
                self.selector.unregister(session.connection)
        elif not known:
            self.selector.register(session.connection, wanted, session)
        elif known.events != wanted:
            self.selector.modify(session.connection, wanted, session)
