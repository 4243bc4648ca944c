"""enum lookup against real name servers, and beside Asterisk's own ENUMLOOKUP() on the same zone.

As a program it prints the table of the README: python3 tests/lab/test_enum.py
"""

import contextlib
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

import ami
import enum_service
import lab
import nameserver
import robot

VECTORS = json.loads((lab.SOURCE / "tests/numbering/enum_vectors.json").read_text())["vectors"]
OPTIONS = {"ienum-cc": ["--branch", "cc"], "ienum-txt": ["--branch", "txt"]}
# POSIX has no back-references; of alternatives that match equally far the first counts, as with glibc
EXPECT = {"re-backref-in-ere": "bad_regexp", "re-alternation": "sip:1632960083@example.com"}
RESOLVER = {"a": "127.83.69.22", "c": "127.83.69.16"}  # Asterisk asks resolv.conf's server, port 53 alone
LEAST = 80                # vectors that a server can load; the others are told in octets (tests/numbering)
NUMBER = "+441632960083"
NUMBERS = [f"+44163296008{place}" for place in range(1, 5)]  # one for each way
EMPTY = lab.SOURCE / "tests/cli/files/empty.conf"
MORE = {"ienum-txt": ['i.4.4.e164.arpa. TXT "6"']}  # where the branch stands, as the vector's note says


def wanted(vector):
    expect = vector["expect"]
    return EXPECT.get(vector["id"], expect["uri"] if expect["status"] == "ok" else expect["code"])


def loadable(vector):
    """Those whose records tell the whole story: no fault of a server, no odd octets, no signatures."""
    return set(vector.get("server", {"rcode": 3})) == {"rcode"} and vector.get("server", {}).get("rcode", 3) == 3 \
        and all("zone" in record for record in vector["records"]) and vector["group"] != "dnssec" \
        and vector["id"] != "emer-one-label"  # Emercoin gathers digits over all labels


def zone_of(vector):
    return [record["zone"] for record in vector["records"]] + MORE.get(vector["id"], [])


def look_up(server, vector):
    """What the program says: a URI, or the code of an error."""
    done = subprocess.run([robot.PBXCTL, "enum", "lookup", "--json", "--server", server.where, "--suffix", vector["suffix"], "--service",
                           vector["service"], "--record", str(vector.get("record", 1)), *OPTIONS.get(vector["id"], []), "--",
                           vector["number"]], capture_output=True, text=True, timeout=lab.ASK_LIMIT, check=False,
                          env={"PBXCTL_CONFIG": str(EMPTY)})
    said = json.loads(done.stdout)
    return said["uri"] if said["status"] == "ok" else said["code"]


class NsdOnBoth(nameserver.Nsd):
    """By IPv4 and IPv6 on the same port."""
    CONFIG = nameserver.Nsd.CONFIG.replace("ip-address:", "ip-address: ::1@{port}\n  ip-address:", 1)


def has_ipv6():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
        try:
            udp.bind(("::1", 0))
        except OSError:
            return False
    return True


class OnServers(unittest.TestCase):
    def test_nsd(self):
        """enum lookup finds what the vectors say from a real NSD"""
        self.walk(nameserver.Nsd)

    def test_knot(self):
        """enum lookup finds what the vectors say from a real Knot"""
        self.walk(nameserver.Knot)

    def test_ipv6(self):
        """a name server is asked by IPv6, for a long answer by TCP too; where there is no IPv6 that is told"""
        answers = ['1.1.1.e164.arpa. NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:a@example.com!" .']
        answers += [f'2.2.2.e164.arpa. NAPTR 100 {place} "u" "E2U+sip" "!^.*$!sip:u{place}@example.com!" .' for place in range(60)]
        expected = ((0, "1"), (0, "60")) if has_ipv6() else ((69, "0"), (69, "0"))
        with (NsdOnBoth if has_ipv6() else nameserver.Nsd)() as server:
            server.serve(answers)
            for number, wanted_count in zip(("+111", "+222"), expected):
                done = subprocess.run([robot.PBXCTL, "enum", "lookup", number, "--print", "count", "-n", "--server", f"[::1]:{server.port}"],
                                      capture_output=True, text=True, timeout=lab.ASK_LIMIT, check=False, env={"PBXCTL_CONFIG": str(EMPTY)})
                self.assertEqual((done.returncode, done.stdout), wanted_count)

    def walk(self, kind):
        passed = 0
        with kind() as server:
            for vector in filter(loadable, VECTORS):
                try:
                    server.serve(zone_of(vector))
                except nameserver.ServerError:
                    continue
                with self.subTest(vector["id"]):
                    self.assertEqual(look_up(server, vector), wanted(vector))
                    passed += 1
        print(f"{kind.__name__}: {passed} vectors")
        self.assertGreaterEqual(passed, LEAST)


@contextlib.contextmanager
def resolving(name):
    """An Asterisk whose resolv.conf names its RESOLVER, in a mount namespace of its own."""
    with tempfile.TemporaryDirectory(prefix="pbxctl-lab-") as home:
        config = pathlib.Path(home) / "resolv.conf"
        config.write_text(f"nameserver {RESOLVER[name]}\noptions timeout:2 attempts:2\n")
        up = f"mount --bind {config} $(realpath /etc/resolv.conf) && exec {lab.SOURCE}/scripts/lab up {name}"
        done = subprocess.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", up], capture_output=True, text=True,
                              env=dict(lab.os.environ, PBXCTL_LAB_RUN=home), timeout=lab.UP_LIMIT, check=False)
        try:
            if done.returncode != 0:
                raise lab.LabError(f"scripts/lab up {name}: {done.stderr}")
            yield lab.Instance(name, home)
        finally:
            lab.scripts_lab("down", run=home)


def asterisk_says(manager, vector):
    """ENUMLOOKUP() of the same: number, service, whole URI, which record, suffix."""
    words = f"ENUMLOOKUP({vector['number']},{vector['service']},u,{vector.get('record', 1)},{vector['suffix']})"
    return manager.act("Getvar", may_fail=True, Variable=words).get("Value", "")


def comparable(vector):
    """What both are asked alike. re-bomb is not tried on Asterisk: its one record took 22.10 to 6.9 GB in 28 s, without an answer."""
    return loadable(vector) and vector["id"] not in OPTIONS and vector["number"].isascii() and vector["id"] != "re-bomb"


def side_by_side(name):
    """[(vector, Asterisk's answer, ours)]"""
    rows = []
    with nameserver.Nsd(RESOLVER[name], 53) as server, resolving(name) as instance, ami.Ami(instance) as manager:
        for vector in filter(comparable, VECTORS):
            try:
                server.serve(zone_of(vector))
            except nameserver.ServerError:
                continue
            rows.append((vector, asterisk_says(manager, vector), look_up(server, vector)))
    return rows


class OnBoth:
    def test_beside_enumlookup(self):
        """where ENUMLOOKUP() finds the right URI enum lookup finds the same, and where it does not enum lookup does"""
        rows = side_by_side(lab.VERSIONS[self.version])
        better = 0
        for vector, theirs, ours in rows:
            with self.subTest(vector["id"], theirs=theirs):
                self.assertEqual(ours, wanted(vector))
                better += ours.partition(":")[1] == ":" and theirs != ours
        print(f"Asterisk {self.version}: of {len(rows)} vectors ENUMLOOKUP() misses {better} URIs that enum lookup finds")
        self.assertGreaterEqual(len(rows), 60)
        self.assertGreater(better, 20)

    def test_dials(self):
        """Asterisk dials what enum lookup returned"""
        instance = lab.shared(self.version)
        with tempfile.TemporaryDirectory(prefix="pbxctl-enum-") as folder, nameserver.Nsd() as server, ami.Ami(instance) as manager:
            config = pathlib.Path(folder) / "pbxctl.conf"
            config.write_text("")
            server.serve(['3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa. NAPTR 100 10 "u" "E2U+sip" '
                          f'"!^\\\\+44(.*)$!sip:100@127.0.0.1:{instance.port("SIP")}!" .'])
            program = [robot.PBXCTL, "--config", config, "enum", "lookup", NUMBER, "--dial", "pjsip:phone", "--server", server.where]
            manager.put("lab", "enum", ",".join(map(str, program)))
            since = len(manager.events)
            manager.act("Originate", Channel="Local/enum@lab", Application="Wait", Data="3", Async="true")
            reached = manager.wait(lambda event: event.get("UserEvent") == "Reached", lab.ASK_LIMIT, since)
        self.assertIsNotNone(reached)
        self.assertEqual(reached["Extension"], "100")


    def test_ways(self):
        """Asterisk dials what it learnt by AGI() with arguments, by FastAGI, CURL() and SHELL(), and System() tells whether there is a URI"""
        instance = lab.shared(self.version)
        with nameserver.Nsd() as server, enum_service.Service("--server", server.where) as service, ami.Ami(instance) as manager:
            server.serve([f'{name}.e164.arpa. NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:{200 + place}@127.0.0.1:{instance.port("SIP")}!" .'
                          for name, place in ((".".join(reversed(number[1:])), place) for place, number in enumerate(NUMBERS, 1))])
            for place, (way, words) in enumerate(self.ways(server, service).items(), 1):
                with self.subTest(way):
                    found, reached = self.call(manager, way, words.format(number=NUMBERS[place - 1]))
                    self.assertEqual(found["Dial"], f"PJSIP%2Fphone%2Fsip%3A{200 + place}%40127.0.0.1%3A{instance.port('SIP')}")
                    self.assertIsNotNone(reached(str(200 + place)))
                    if "agi" in way:
                        self.assertEqual((found["Status"], found["Count"], found["Agi"]), ("ok", "1", "SUCCESS"))
                with self.subTest(way, number="not in the tree"):
                    found, _ = self.call(manager, way, words.format(number="+441632960099"))
                    self.assertEqual(found.get("Dial", ""), "")
                    if "agi" in way:
                        self.assertEqual((found["Status"], found["Count"], found["Agi"]), ("nxdomain", "0", "SUCCESS"))
            program = f"{robot.PBXCTL} -q --config {EMPTY} enum lookup --server {server.where} "
            self.assertEqual(self.call(manager, "enum-system", program + NUMBERS[0])[0]["System"], "SUCCESS")
            self.assertEqual(self.call(manager, "enum-system", program + "+441632960099")[0]["System"], "APPERROR")

    def ways(self, server, service):
        """What each extension of the lab is given, for a {number}."""
        options = ["--dial", "pjsip:phone", "--server", server.where]
        program = [robot.PBXCTL, "--config", EMPTY, "enum", "lookup", "{number}", *options]
        return {"enum-agi": ",".join(map(str, program)),
                "enum-fastagi": f"agi://127.0.0.1:{service.agi}/enum?number={{number}}&dial=pjsip:phone",
                "enum-curl": f"http://127.0.0.1:{service.http}/enum/{{number}}?dial=pjsip:phone",
                "enum-shell": " ".join(map(str, [*program, "-n"]))}

    def call(self, manager, way, words):
        """Somebody dials `way`: what the dialplan tells, and who waits for the extension that is reached."""
        manager.put("lab", way, words)
        since = len(manager.events)
        channel = f"Local/{way}@lab"
        manager.act("Originate", Channel=channel, Application="Wait", Data="3", Async="true")
        found = manager.wait(lambda event: event.get("UserEvent") in ("Enum", "Known") and event.get("Channel", "").startswith(channel),
                             lab.ASK_LIMIT, since)
        self.assertIsNotNone(found)
        return found, lambda extension: manager.wait(lambda event: event.get("UserEvent") == "Reached" and event["Extension"] == extension,
                                                     lab.ASK_LIMIT, since)


class On22(OnBoth, unittest.TestCase):
    version = "22"


class On16(OnBoth, unittest.TestCase):
    version = "16"


def table():
    print("| id | the zone has | asked | Asterisk 22 `ENUMLOOKUP()` | `pbxctl enum lookup` |\n| --- | --- | --- | --- | --- |")
    for vector, theirs, ours in side_by_side("a"):
        if theirs != ours and not (theirs == "" and ":" not in ours):
            zone = "; ".join(record["zone"].partition(" NAPTR ")[2] for record in vector["records"])
            print(f"| {vector['id']} | `{zone}` | `{vector['number']}` {vector['service']} | `{theirs}` | `{ours}` |")


if __name__ == "__main__":
    sys.exit(table())
