"""A TCP proxy on the loopback that a test can cut, silence, and mend: a network between two servers that fails."""

import selectors
import socket
import threading
import time

PIECE = 1 << 16


class Proxy:
    """`with Proxy(target_port) as proxy`: connect to proxy.port. What was cut is reset; what is silenced stays open and
    carries nothing either way until it is mended."""

    def __init__(self, target):
        self.target, self.lock, self.selector = target, threading.RLock(), selectors.DefaultSelector()
        self.open, self.silent, self.ended = True, False, False
        self.taken, self.taken_at = 0, 0.0  # connections, and when the last came (monotonic seconds)
        self.pairs = {}  # a socket → the other one
        self.held = {}   # a socket → what it has not taken yet
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.bell, self.ear = socket.socketpair()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(self.ear, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended = True
        self.bell.send(b".")
        self.thread.join()
        self.cut()
        for each in self.listener, self.bell, self.ear:
            each.close()
        self.selector.close()

    def cut(self):
        """Every connection is reset and no new one taken, until mended."""
        with self.lock:
            self.open = False
            while self.pairs:
                self._drop(next(iter(self.pairs)))
        self._ring()

    def silence(self):
        with self.lock:
            self.silent = True
        self._ring()

    def mend(self):
        with self.lock:
            self.open, self.silent = True, False
            for each in self.pairs:
                self._watch(each)
        self._ring()

    def _ring(self):
        try:
            self.bell.send(b".")
        except OSError:
            pass

    def _run(self):
        while not self.ended:
            ready = self.selector.select(1)
            with self.lock:
                for key, events in ready:
                    self._serve(key.fileobj, events)
                if self.silent:
                    for each in self.pairs:
                        self._watch(each)

    def _serve(self, each, events):
        if each is self.ear:
            self.ear.recv(PIECE)
        elif each is self.listener:
            self._accept()
        elif each in self.pairs and not self.silent:
            if events & selectors.EVENT_WRITE:
                self._send(each)
            if events & selectors.EVENT_READ and each in self.pairs:
                self._receive(each)

    def _accept(self):
        taken = self.listener.accept()[0]
        try:
            if not self.open:
                raise OSError
            other = socket.create_connection(("127.0.0.1", self.target), timeout=1)
        except OSError:
            taken.close()
            return
        for one, two in (taken, other), (other, taken):
            one.setblocking(False)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.pairs[one], self.held[one] = two, b""
        self.taken, self.taken_at = self.taken + 1, time.monotonic()
        for one in taken, other:
            self._watch(one)

    def _receive(self, each):
        try:
            data = each.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(each)
            return
        other = self.pairs[each]
        self.held[other] += data
        self._send(other)

    def _send(self, each):
        try:
            self.held[each] = self.held[each][each.send(self.held[each]):]
        except BlockingIOError:
            pass
        except OSError:
            self._drop(each)
            return
        self._watch(each)
        self._watch(self.pairs[each])

    def _watch(self, each):
        """Reads while the other side takes what was read."""
        wanted = 0
        if not self.silent:
            wanted |= selectors.EVENT_WRITE if self.held[each] else 0
            wanted |= 0 if self.held[self.pairs[each]] else selectors.EVENT_READ
        known = self.selector.get_map().get(each)
        if known and not wanted:
            self.selector.unregister(each)
        elif wanted and not known:
            self.selector.register(each, wanted)
        elif wanted and known.events != wanted:
            self.selector.modify(each, wanted)

    def _drop(self, each):
        for one in (each, self.pairs[each]):
            if self.selector.get_map().get(one):
                self.selector.unregister(one)
            del self.pairs[one], self.held[one]
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset, not a polite end
            one.close()
