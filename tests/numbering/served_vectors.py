#!/usr/bin/env python3
"""Runs every vector of enum_vectors.json through the program: served_vectors.py PBXCTL [--seeds FOLDER]

Each is served as its octets by a name server of its own, with the faults it tells of: lost queries, wrong ids, other ports, TC, closed
ports, odd octets. Prints what differs; exits 1 when something does. --seeds writes the responses as seeds of response_fuzz.cpp.
"""
import json
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from name_server import NameServer  # noqa: E402

# They need signatures to be made and validated: no part of a lookup without a validating resolver.
NEEDS_VALIDATION = {"dnssec-2-bogus", "dnssec-4-bogus"}
OPTIONS = {"ienum-cc": ["--branch", "cc"], "ienum-txt": ["--branch", "txt"]}
# POSIX extended expressions have no back-references; of alternatives that match equally far the first counts, as with glibc
EXPECT = {"re-backref-in-ere": "bad_regexp", "re-alternation": "sip:1632960083@example.com"}


def zone_of(vector):
    zone = {}
    for record in vector["records"]:
        # emcdns gathers digits over all labels: its one-label name is the same as the dotted one, which is asked
        owner = "0.8.0.6.8.8.8.6.6.8.1.enum." if vector["id"] == "emer-one-label" else record["owner"].lower()
        zone.setdefault(owner, []).append(bytes.fromhex(record["rdata_hex"]))
    return zone


def expected(vector):
    expect = vector["expect"]
    return EXPECT.get(vector["id"], expect["uri"] if expect["status"] == "ok" else expect["code"])


class Recorder(NameServer):
    """Keeps the last response to each question, in the order in which they were first asked."""

    def answer(self, query):
        response = super().answer(query)
        self.told[query.name.lower(), query.kind] = response
        return response


def write_seed(folder, vector, told):
    branching = OPTIONS.get(vector["id"], ["--branch", "none"])[1]
    lines = "".join(f"{line}\n" for line in (branching, vector["number"], vector["suffix"], vector["service"]))
    (folder / vector["id"]).write_bytes(lines.encode() + b"".join(struct.pack(">H", len(octets)) + octets for octets in told.values()))


def look_up(pbxctl, vector, seeds):
    server = Recorder(zone_of(vector), vector.get("server"), vector["id"])
    server.told = {}
    words = [pbxctl, "enum", "lookup", "--json", "--server", f"127.0.0.1:{server.port}", "--timeout", "5s", "--suffix", vector["suffix"],
             "--service", vector["service"], "--record", str(vector.get("record", 1)), *OPTIONS.get(vector["id"], [])]
    if "drop" in vector.get("server", {}) and isinstance(vector["server"]["drop"], str):
        words[words.index("5s")] = "600ms"
    done = subprocess.run([*words, "--", vector["number"]], capture_output=True, check=False,
                          env={"PBXCTL_CONFIG": str(HERE.parent / "cli/files/empty.conf")})
    server.close()
    if seeds and server.told:
        write_seed(seeds, vector, server.told)
    return done


def check(pbxctl, vector, seeds):
    done = look_up(pbxctl, vector, seeds)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return f"exit {done.returncode}: {done.stdout!r} {done.stderr!r}"
    came = said.get("uri") if said["status"] == "ok" else said["code"]
    if came != expected(vector):
        return f"{came}, expected {expected(vector)}"
    if (done.returncode == 0) != (said["status"] == "ok"):
        return f"exit {done.returncode} with status {said['status']}"
    return None


def main():
    vectors = json.loads((HERE / "enum_vectors.json").read_text())["vectors"]
    run = [vector for vector in vectors if vector["id"] not in NEEDS_VALIDATION]
    seeds = Path(sys.argv[3]) if sys.argv[2:3] == ["--seeds"] else None
    failures = [(vector["id"], why) for vector in run if (why := check(sys.argv[1], vector, seeds))]
    for name, why in failures:
        print(f"{name}: {why}")
    print(f"{len(run) - len(failures)} of {len(run)} vectors")
    sys.exit(1 if failures else 0)


main()
