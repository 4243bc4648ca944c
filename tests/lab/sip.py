"""SIP messages, as far as one telephone on the loopback needs them (RFC 3261, RFC 4566). No socket here."""

import secrets


class Message:
    """A request or an answer, read from a datagram."""

    def __init__(self, data):
        head, _, self.body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        self.first, *lines = head.split("\r\n")
        self.headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.strip().lower(), []).append(value.strip())
        words = self.first.split(" ", 2)
        self.status = int(words[1]) if words[0] == "SIP/2.0" else 0
        self.method = words[0] if not self.status else self.get("cseq").split()[1]

    def get(self, name):
        return self.headers.get(name, [""])[0]

    def all(self, name):
        return self.headers.get(name, [])

    def media_port(self):
        """The port of the other side's audio, from its SDP."""
        for line in self.body.split("\r\n"):
            if line.startswith("m=audio "):
                return int(line.split()[1])
        return 0


def render(first, headers, body=""):
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    lines += [f"Content-Length: {len(body.encode())}", "", body]
    return "\r\n".join(lines).encode()


def sdp(port):
    """What we offer and answer alike: µ-law and telephone events, 20 ms."""
    return "\r\n".join(["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
                        f"m=audio {port} RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000",
                        "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv", ""])


class Dialog:
    """One call's identifiers and the requests and answers that carry them."""

    def __init__(self, port, peer_port, to, caller, caller_name=""):
        self.port, self.to, self.caller = port, f"sip:{to}@127.0.0.1:{peer_port}", caller
        self.call_id, self.tag, self.number = secrets.token_hex(12), secrets.token_hex(6), 0
        self.shown = f'"{caller_name}" ' if caller_name else ""
        self.remote, self.target, self.branch = f"<{self.to}>", self.to, ""

    def request(self, method, body="", extra=()):
        """ACK of a final answer keeps the INVITE's number; CANCEL and a refusal's ACK its branch as well."""
        if method not in ("ACK", "CANCEL"):
            self.number += 1
            self.branch = f"z9hG4bK{secrets.token_hex(8)}"
        headers = [("Via", f"SIP/2.0/UDP 127.0.0.1:{self.port};branch={self.branch};rport"), ("Max-Forwards", "70"),
                   ("From", f"{self.shown}<sip:{self.caller}@127.0.0.1>;tag={self.tag}"), ("To", self.remote),
                   ("Call-ID", self.call_id), ("CSeq", f"{self.number} {method}"),
                   ("Contact", f"<sip:{self.caller}@127.0.0.1:{self.port}>"), *extra]
        if body:
            headers.append(("Content-Type", "application/sdp"))
        target = self.to if method == "CANCEL" else self.target
        return render(f"{method} {target} SIP/2.0", headers, body)

    def answered(self, message):
        """Learns from an answer to INVITE whom to talk to from now on."""
        self.remote = message.get("to")
        contact = message.get("contact")
        if message.status < 300 and contact:
            self.target = contact[contact.index("<") + 1:contact.index(">")] if "<" in contact else contact

    def acknowledge(self, message):
        self.answered(message)
        if message.status < 300:
            self.branch = f"z9hG4bK{secrets.token_hex(8)}"
        return self.request("ACK")

    def answer(self, message, status="200 OK", body=""):
        headers = [("Via", via) for via in message.all("via")]
        headers += [(name, message.get(name.lower())) for name in ("From", "To", "Call-ID", "CSeq")]
        headers.append(("Contact", f"<sip:{self.caller}@127.0.0.1:{self.port}>"))
        if body:
            headers.append(("Content-Type", "application/sdp"))
        return render(f"SIP/2.0 {status}", headers, body)
