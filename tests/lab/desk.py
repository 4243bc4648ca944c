"""A telephone that is called: registers, rings, and picks up when it is told to. It has no audio."""

import socket
import threading

import sip

RESEND = 0.5
LIMIT = 10


class DeskError(Exception):
    pass


class Desk:
    """`with Desk(port, "101") as desk`: registered. `desk.ringing` and `desk.talking` are threading.Events."""

    def __init__(self, port, number):
        self.server = ("127.0.0.1", port)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.register = sip.Dialog(self.socket.getsockname()[1], port, number, number)
        self.invite, self.call = None, None
        self.registered, self.ringing, self.talking = threading.Event(), threading.Event(), threading.Event()

    def __enter__(self):
        threading.Thread(target=self._read, daemon=True).start()
        for _ in range(int(LIMIT / RESEND)):
            self._send(self.register.request("REGISTER", extra=[("Expires", 600)]))
            if self.registered.wait(RESEND):
                return self
        self.socket.close()
        raise DeskError("not registered")

    def __exit__(self, *_):
        self.hang_up()
        self._send(self.register.request("REGISTER", extra=[("Expires", 0)]))
        self.socket.close()

    def tell_mailbox(self, new):
        """As a voice mail server does that the endpoint takes messages' counts from (incoming_mwi_mailbox)."""
        body = f"Messages-Waiting: {'yes' if new else 'no'}\r\nVoice-Message: {new}/0\r\n"
        dialog = sip.Dialog(self.register.port, self.server[1], self.register.caller, self.register.caller)
        text = dialog.request("NOTIFY", body, [("Event", "message-summary"), ("Subscription-State", "active")])
        self._send(text.replace(b"application/sdp", b"application/simple-message-summary"))

    def pick_up(self):
        self._send(self.call.answer(self.invite, body=sip.sdp(9)))
        if not self.talking.wait(LIMIT):
            raise DeskError("no ACK")

    def hang_up(self):
        if self.talking.is_set():
            self.talking.clear()
            self._send(self.call.request("BYE"))

    def _send(self, data):
        self.socket.sendto(data, self.server)

    def _read(self):
        while True:
            try:
                self._take(sip.Message(self.socket.recv(65536)))
            except OSError:
                return

    def _take(self, message):
        if message.status:
            if message.method == "REGISTER" and message.status == 200:
                self.registered.set()
        elif message.method == "INVITE" and not self.talking.is_set():
            self._ring(message)
        elif message.method == "ACK":
            if self.ringing.is_set():
                self.ringing.clear()
                self.talking.set()
        elif message.method == "CANCEL":
            self._send(self.register.answer(message))
            self._send(self.call.answer(self.invite, "487 Request Terminated"))
            self.ringing.clear()
        else:
            self._send(self.register.answer(message))
            if message.method == "BYE":
                self.talking.clear()

    def _ring(self, message):
        """Its own dialog, seen from the called side: From and To change places in what we request."""
        self.invite = message
        self.call = sip.Dialog(self.register.port, self.server[1], self.register.caller, self.register.caller)
        tag = self.call.tag
        message.headers["to"] = [f"{message.get('to')};tag={tag}"]
        self.call.call_id = message.get("call-id")
        self.call.answered(message)
        self.call.remote = message.get("from")
        self._send(self.call.answer(message, "180 Ringing"))
        self.ringing.set()
