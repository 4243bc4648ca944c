"""AMI's fastest client: events off, actions sent without waiting for answers. For what a real client is measured against."""

import contextlib
import socket
import threading
import time

LIMIT = 30  # seconds until all is answered


class WriterError(Exception):
    pass


def hang_up(connection):
    """close() alone leaves it open while a thread reads from it, and Asterisk wakes each session for each event."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


class Watcher:
    """Counts the DeviceStateChange events of devices whose name has `word`, without reading them any closer."""

    def __init__(self, instance, word):
        self.word, self.count, self.news = word.encode(), 0, threading.Condition()
        self.socket = socket.create_connection(("127.0.0.1", instance.port("AMI")), timeout=LIMIT)
        self.socket.sendall(f"Action: Login\r\nUsername: {instance.ports['AMI_USER']}\r\nSecret: {instance.ports['AMI_SECRET']}\r\n"
                            "Events: call\r\n\r\n".encode())
        self.socket.settimeout(None)
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        hang_up(self.socket)

    def _read(self):
        tail = b""
        while True:
            try:
                data = self.socket.recv(1 << 20)
            except OSError:
                data = b""
            if not data:
                return
            *blocks, tail = (tail + data).split(b"\r\n\r\n")
            found = sum(b"Event: DeviceStateChange" in block and self.word in block for block in blocks)
            with self.news:
                self.count += found
                self.news.notify_all()

    def wait(self, count):
        """Until so many have come in all."""
        with self.news:
            if not self.news.wait_for(lambda: self.count >= count, LIMIT):
                raise WriterError(f"{self.count} of {count} changes came")


class Writer:
    """Custom device states by Setvar; `with Writer(instance) as writer`."""

    def __init__(self, instance):
        self.socket = socket.create_connection(("127.0.0.1", instance.port("AMI")), timeout=LIMIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(None)
        self.sent, self.answered, self.news = 1, 0, threading.Condition()
        ports = instance.ports
        self.socket.sendall(f"Action: Login\r\nUsername: {ports['AMI_USER']}\r\nSecret: {ports['AMI_SECRET']}\r\nEvents: off\r\n\r\n".encode())
        threading.Thread(target=self._read, daemon=True).start()
        self.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        hang_up(self.socket)

    def _read(self):
        tail = b""
        while True:
            try:
                data = self.socket.recv(1 << 20)
            except OSError:
                data = b""
            with self.news:
                if not data:
                    self.answered = -1
                    self.news.notify_all()
                    return
                if b"Response: Error" in tail + data:
                    self.answered = -1
                self.answered += (tail + data).count(b"\r\n\r\n") if self.answered >= 0 else 0
                tail = (tail + data)[-3:]  # the end of a message that is cut in two
                if tail.endswith(b"\n\r\n"):
                    tail = b""
                self.news.notify_all()

    def set(self, states):
        """One send for all of [(device, state)]; nanoseconds since 1970 right before it."""
        text = b"".join(b"Action: Setvar\r\nVariable: DEVICE_STATE(%s)\r\nValue: %s\r\n\r\n" % (device.encode(), state.encode())
                        for device, state in states)
        self.sent += len(states)
        at = time.time_ns()
        self.socket.sendall(text)
        return at

    def wait(self):
        """Until all that was sent is answered."""
        with self.news:
            if not self.news.wait_for(lambda: self.answered >= self.sent or self.answered < 0, LIMIT) or self.answered < 0:
                raise WriterError("not all answered, or an error")
