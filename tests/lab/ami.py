"""A small client of Asterisk's manager interface: log in, act, collect events. For tests; the real one is lib/ami."""

import itertools
import socket
import threading
import time
import urllib.parse

ANSWER_LIMIT = 10  # seconds


class AmiError(Exception):
    pass


def parse(block):
    """One message: the first value of each key; Output lines and repeated ChanVariable joined by newlines."""
    message = {}
    for line in block.split("\r\n"):
        key, found, value = line.partition(": ")
        if not found:
            key, value = line.rstrip(":"), ""
        message[key] = f"{message[key]}\n{value}" if key in message else value
    return message


def decoded(text):
    """`name=value&` pairs, values URI-encoded, as the lab's dialplan tells them."""
    pairs = (pair.split("=", 1) for pair in text.split("&") if pair)
    return {name: urllib.parse.unquote(value) for name, value in pairs}


class Ami:
    """All events since login are kept in order, with the moment they came (monotonic seconds) as `at`."""

    def __init__(self, instance):
        self.events, self.answers = [], {}
        self.news = threading.Condition()
        self.numbers = itertools.count(1)
        self.closed = None
        self.socket = socket.create_connection(("127.0.0.1", instance.port("AMI")), timeout=ANSWER_LIMIT)
        self.socket.settimeout(None)
        threading.Thread(target=self._read, daemon=True).start()
        self.act("Login", Username=instance.ports["AMI_USER"], Secret=instance.ports["AMI_SECRET"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _read(self):
        data = b""
        try:
            data = self.socket.recv(65536).partition(b"\r\n")[2]  # the banner
            while True:
                *blocks, data = data.split(b"\r\n\r\n")
                for block in blocks:
                    self._take(parse(block.decode("utf-8", "replace")))
                more = self.socket.recv(65536)
                if not more:
                    raise AmiError("connection closed by Asterisk")
                data += more
        except (OSError, AmiError) as error:
            with self.news:
                self.closed = error
                self.news.notify_all()

    def _take(self, message):
        message["at"] = time.monotonic()
        with self.news:
            if "Response" in message:
                self.answers[message.get("ActionID")] = message
            else:
                self.events.append(message)
            self.news.notify_all()

    def act(self, action, variables=(), may_fail=False, **fields):
        """One action and its answer; `variables` are NAME=VALUE words, one header each."""
        number = str(next(self.numbers))
        lines = [f"Action: {action}", f"ActionID: {number}"]
        lines += [f"{key}: {value}" for key, value in fields.items()]
        lines += [f"Variable: {word}" for word in variables]
        if any("\n" in line or "\r" in line for line in lines):
            raise AmiError(f"{action}: a newline in a value")
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        with self.news:
            if not self.news.wait_for(lambda: number in self.answers or self.closed, ANSWER_LIMIT) or self.closed:
                raise AmiError(f"{action}: no answer ({self.closed or 'too late'})")
            answer = self.answers.pop(number)
        if answer["Response"] == "Error" and not may_fail:
            raise AmiError(f"{action}: {answer.get('Message')}")
        return answer

    def command(self, words):
        return self.act("Command", Command=words).get("Output", "")

    def wait(self, wanted, limit, since=0):
        """The first event, from number `since` on, that `wanted(event)` says yes to; None when none came in time."""
        found = []

        def look():
            found[:] = [event for event in self.events[since:] if wanted(event)][:1]
            return found or self.closed

        with self.news:
            self.news.wait_for(look, limit)
        return found[0] if found else None

    def put(self, family, key, value):
        """DB(family/key)"""
        self.act("DBPut", Family=family, Key=key, Val=value)
