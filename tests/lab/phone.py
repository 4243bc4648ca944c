"""A telephone: calls an extension of the lab over SIP, talks and listens over RTP. Its audio is media.Media."""

import socket
import threading
import time

import media
import sip

RESEND = 0.5        # seconds; RFC 3261 17.1.1.2 T1
ANSWER_LIMIT = 15   # seconds until the call is answered
END_LIMIT = 5


class PhoneError(Exception):
    pass


class Phone:
    """`with Phone(instance, "eagi*secretary", caller="79001234567") as phone:` is a call that has been answered."""

    def __init__(self, instance, extension, caller, caller_name=""):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.server = ("127.0.0.1", instance.port("SIP"))
        self.dialog = sip.Dialog(self.socket.getsockname()[1], self.server[1], extension, caller, caller_name)
        self.media = media.Media()
        self.status, self.ended, self.news = 0, "", threading.Condition()
        self.answered_at = self.ended_at = 0.0

    def __enter__(self):
        threading.Thread(target=self._read, daemon=True).start()
        self._invite()
        return self

    def __exit__(self, *_):
        self.hang_up()
        self.media.end()
        self.socket.close()

    def _invite(self):
        request = self.dialog.request("INVITE", sip.sdp(self.media.port))
        deadline = time.monotonic() + ANSWER_LIMIT
        with self.news:
            while self.status < 100 and time.monotonic() < deadline:
                self._send(request)
                self.news.wait_for(lambda: self.status, RESEND)
            self.news.wait_for(lambda: self.status >= 200, max(0.0, deadline - time.monotonic()))
        if not 200 <= self.status < 300:
            self.media.end()
            raise PhoneError(f"call not answered: {self.status or 'no answer to INVITE'}")

    def _send(self, data):
        self.socket.sendto(data, self.server)

    def _read(self):
        while True:
            try:
                message = sip.Message(self.socket.recv(65536))
                with self.news:
                    self._take(message)
                    self.news.notify_all()
            except OSError:  # the call is over, the socket closed
                return

    def _take(self, message):
        if message.status:
            self._take_answer(message)
        elif message.method == "BYE":
            self._send(self.dialog.answer(message))
            self._over("other side")
        elif message.method == "INVITE":
            self._send(self.dialog.answer(message, body=sip.sdp(self.media.port)))
        elif message.method != "ACK":
            self._send(self.dialog.answer(message))

    def _take_answer(self, message):
        if message.method != "INVITE":
            return
        if message.status >= 200:
            self._send(self.dialog.acknowledge(message))
        if self.status < 200:
            self.status = message.status
            if 200 <= message.status < 300:
                self.answered_at = time.monotonic()
                self.media.peer = ("127.0.0.1", message.media_port())
                self.media.start()

    def _over(self, who):
        if not self.ended:
            self.ended, self.ended_at = who, time.monotonic()
            self.media.end()

    def hang_up(self):
        with self.news:
            if self.ended or not 200 <= self.status < 300:
                return
            self._over("caller")
            self._send(self.dialog.request("BYE"))

    def wait_ended(self, limit):
        """Until either side hung up; who did, "" when nobody."""
        with self.news:
            self.news.wait_for(lambda: self.ended, limit)
            return self.ended
