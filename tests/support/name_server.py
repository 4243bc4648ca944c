#!/usr/bin/env python3
"""A name server for tests: name_server.py ZONE COMMAND [ARGUMENT...]

Serves the NAPTR records of a zone file (one a line: OWNER ORDER PREFERENCE "FLAGS" "SERVICES" "REGEXP" REPLACEMENT) on a free port of
127.0.0.1, by UDP and TCP, while COMMAND runs with that port in $DNS. As a module: NameServer, whose faults are told as in
tests/numbering/enum_vectors.json, group by group under "server".
"""
import os
import re
import socket
import struct
import subprocess
import sys
import threading

NAPTR, CNAME, DNAME, TXT, OPT = 35, 5, 39, 16, 41
NO_ERROR, FORMAT_ERROR, NO_SUCH_NAME = 0, 1, 3


def wire_name(text):
    labels = [label for label in text.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def string(octets):
    return bytes([len(octets)]) + octets


def naptr(order, preference, flags, services, regexp, replacement="."):
    fields = b"".join(string(field.encode()) for field in (flags, services, regexp))
    return struct.pack(">HH", order, preference) + fields + wire_name(replacement)


def record(owner, data, kind=NAPTR, ttl=300):
    return owner + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data


def read_zone(path):
    """{owner: [rdata]} of a zone file."""
    zone = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line.split(";", 1)[0] if '"' not in line else line)
            values = [re.sub(r"\\(.)", r"\1", quoted) if bare == "" else bare for quoted, bare in words]
            if len(values) == 7:
                owner, order, preference, flags, services, regexp, replacement = values
                zone.setdefault(owner.lower(), []).append(naptr(int(order), int(preference), flags, services, regexp, replacement))
    return zone


class Query:
    def __init__(self, message):
        self.message = message
        self.id, _, _, _, _, extra = struct.unpack(">6H", message[:12])
        end, labels = 12, []
        while message[end]:
            labels.append(message[end + 1:end + 1 + message[end]].decode("latin-1"))
            end += 1 + message[end]
        self.name = ".".join(labels) + "."
        self.kind = struct.unpack(">H", message[end + 1:end + 3])[0]
        self.question = message[12:end + 5]
        self.owner = message[12:end + 1]
        self.has_edns = extra > 0


def free_pair():
    """A socket for datagrams and one for connections, on the same port: one that is free for the first may not be for the other."""
    for _ in range(100):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        try:
            return udp, socket.create_server(udp.getsockname())
        except OSError:
            udp.close()
    sys.exit("name_server: no port is free for UDP and TCP")


class NameServer:
    """Answers from `zone` until close(). `faults` is a vector's "server", `id` its name, where octets are told by it."""

    def __init__(self, zone, faults=None, vector=""):
        self.zone, self.faults, self.vector = zone, faults or {}, vector
        self.queries = 0
        self.udp, self.tcp = free_pair()
        self.port = self.udp.getsockname()[1]
        self.other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.other.bind(("127.0.0.1", 0))
        if self.faults.get("port") == "closed":
            self.close()
            return
        threading.Thread(target=self.serve_datagrams, daemon=True).start()
        threading.Thread(target=self.serve_streams, daemon=True).start()

    def close(self):
        for each in (self.udp, self.tcp, self.other):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def serve_datagrams(self):
        while True:
            try:
                message, sender = self.udp.recvfrom(4096)
            except OSError:
                return
            if not message:  # close() wakes us so
                return
            self.queries += 1
            drop = self.faults.get("drop", 0)
            if isinstance(drop, str) or self.queries <= drop:
                continue
            query = Query(message)
            self.send_first(query, sender)
            answer = self.answer(query)
            if self.faults.get("tc"):
                answer = self.message(query, [], flags=0x8600)
            self.udp.sendto(answer, sender)

    def serve_streams(self):
        while True:
            try:
                stream, _ = self.tcp.accept()
            except OSError:
                return
            with stream:
                size = struct.unpack(">H", stream.recv(2, socket.MSG_WAITALL))[0]
                answer = self.answer(Query(stream.recv(size, socket.MSG_WAITALL)))
                stream.sendall(struct.pack(">H", len(answer)) + answer)

    def send_first(self, query, sender):
        """What a forger or a confused host sends before the true answer."""
        forged = [record(query.owner, naptr(1, 1, "u", "E2U+sip", "!^.*$!sip:evil@example.com!"))]
        kind = self.faults.get("send_first", "")
        if kind.startswith("wrong id"):
            message = self.message(query, forged)
            self.udp.sendto(struct.pack(">H", query.id ^ 1) + message[2:], sender)
        elif kind == "from another port":
            self.other.sendto(self.message(query, forged), sender)
        elif kind == "QR=0":
            self.udp.sendto(self.message(query, forged, flags=0x0000), sender)

    def message(self, query, answers, rcode=NO_ERROR, flags=0x8400, count=None):
        question = query.question
        if self.faults.get("question_case") == "flipped":
            question = query.owner.swapcase() + question[len(query.owner):]
        edns = query.has_edns and rcode != FORMAT_ERROR
        head = struct.pack(">6H", query.id, flags | rcode, 1, len(answers) if count is None else count, 0, int(edns))
        return head + question + b"".join(answers) + (b"\0" + struct.pack(">HHIH", OPT, 1232, 0, 0) if edns else b"")

    def answer(self, query):
        faults = self.faults
        if faults.get("formerr_on_edns") and query.has_edns:
            return self.message(query, [], FORMAT_ERROR)
        if faults.get("rcode") is not None:
            return self.message(query, [], faults["rcode"])
        if query.kind == TXT:
            texts = {"i.4.4.e164.arpa.": b"6"} if self.vector == "ienum-txt" else {}
            text = texts.get(query.name.lower())
            return self.message(query, [record(query.owner, string(text), TXT)] if text else [], NO_ERROR if text else NO_SUCH_NAME)
        crafted = self.crafted(query)
        if crafted is not None:
            return crafted
        datas = self.zone.get(query.name.lower())
        if datas is None or query.kind != NAPTR:
            return self.message(query, [], NO_SUCH_NAME)
        return self.message(query, [record(query.owner, data) for data in datas])

    def crafted(self, query):
        """The octets of the vectors that say them in words."""
        good = naptr(100, 10, "u", "E2U+sip", "!^.*$!sip:a@example.com!")
        head = struct.pack(">HH", 100, 10) + string(b"u") + string(b"E2U+sip")
        own = query.owner
        target = wire_name("3.8.0.0.6.9.2.3.6.1.4.4.enum.example")
        if self.vector == "replacement-compressed" and query.name.lower() != "nt1.example.":
            # nt1 and a pointer to "example", which the owner of a record before it spells out
            data = struct.pack(">HH", 100, 10) + b"\0\0\0" + b"\3nt1" + struct.pack(">H", 0xC000 | 12 + len(query.question))
            return self.message(query, [record(wire_name("example"), string(b""), TXT), record(own, data)])
        answers = {
            "rdata-short": [record(own, b"\0\0\0")],
            "rdata-overrun": [record(own, head + b"\xff!^.*$!sip:")],
            "regexp-len-mod256": [record(own, head + bytes([300 % 256]) + b"x" * 300 + b"\0")],
            "pointer-forward": [record(b"\xff\xff", good)],
            "cname-loop": [record(own, own, CNAME)],
            "owner-mismatch": [record(wire_name("other.e164.arpa"), good)],
            "dname": [record(wire_name("4.4.e164.arpa"), wire_name("4.4.enum.example"), DNAME), record(own, target, CNAME),
                      record(target, good)],
        }.get(self.vector)
        if self.vector == "ancount-lies":
            return self.message(query, [record(own, good)], count=65535)
        return None if answers is None else self.message(query, answers)


def main():
    server = NameServer(read_zone(sys.argv[1]))
    done = subprocess.run(sys.argv[2:], env=os.environ | {"DNS": f"127.0.0.1:{server.port}"}, check=False)
    server.close()
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
