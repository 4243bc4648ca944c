"""enum lookup --dnssec against zones that are really signed: a root, e164.arpa below it and a private tree, on one NSD."""

import datetime
import json
import re
import subprocess
import tempfile
import time
import unittest

import enum_service
import lab
import nameserver
import ports
import robot

VECTORS = {vector["id"]: vector for vector in json.loads((lab.SOURCE / "tests/numbering/enum_vectors.json").read_text())["vectors"]
           if vector["group"] == "dnssec"}
NUMBER = "+441632960083"
NAME = "3.8.0.0.6.9.2.3.6.1.4.4"
APEX = "{zone} 300 SOA ns. host. {serial} 3600 600 86400 300\n{zone} 300 NS ns.\n"
GOOD = f'{NAME}.e164.arpa. 300 NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:a@example.com!" .\n'
TREE, PRIVATE = "e164.arpa.", "e164.example."
DAY = datetime.timedelta(days=1)
NSEC, NSEC3 = [], ["-n"]
MENDED = 10  # seconds in which a mended zone must be good again
UNKNOWN = "200"  # no algorithm has this number


def program(*words, folder):
    done = subprocess.run(list(map(str, words)), cwd=folder, capture_output=True, text=True, timeout=lab.ASK_LIMIT, check=False)
    if done.returncode != 0:
        raise nameserver.ServerError(f"{words[0]}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


class Key:
    """A zone's one key, in files of `folder`: .key is a trust anchor, .ds is what the parent says."""

    def __init__(self, folder, zone, algorithm="ECDSAP256SHA256"):
        self.folder, self.zone = folder, zone
        self.name = program("ldns-keygen", "-k", "-a", algorithm, zone, folder=folder)
        self.anchor = folder / f"{self.name}.key"
        self.ds = (folder / f"{self.name}.ds").read_text()

    def sign(self, text, denial=NSEC, age=DAY, life=DAY):
        """The zone with its signatures, made `age` ago and good `life` from now."""
        source, signed = self.folder / "unsigned", self.folder / "signed"
        source.write_text(text)
        now = datetime.datetime.now(datetime.timezone.utc)
        program("ldns-signzone", *denial, "-i", f"{now - age:%Y%m%d%H%M%S}", "-e", f"{now + life:%Y%m%d%H%M%S}", "-o", self.zone,
                "-f", signed, source, self.name, folder=self.folder)
        return signed.read_text()


class Nsd(nameserver.Nsd):
    CONFIG = nameserver.Nsd.CONFIG + "".join(f'zone:\n  name: "{zone}"\n  zonefile: "{zone}zone"\n' for zone in (TREE, PRIVATE))

    def __init__(self):
        super().__init__()
        self.root = Key(self.folder, ".")

    def reload(self):
        return ["/usr/sbin/nsd-control", "-c", self.folder / "server.conf", "reload"]

    def publish(self, tree, private="", ds=""):
        """Zone texts below a signed root that holds `ds`."""
        self.serial += 1
        (self.folder / f"{TREE}zone").write_text(tree)
        (self.folder / f"{PRIVATE}zone").write_text(private or APEX.format(zone=PRIVATE, serial=1))
        cuts = f"{TREE} 300 NS ns.\n{PRIVATE} 300 NS ns.\n{ds}"
        self.zone.write_text(self.root.sign(nameserver.SOA.format(serial=self.serial) + cuts))
        program(*self.reload(), folder=self.folder)
        self.wait_serial()


def without(pattern, text):
    """The zone less the lines that match: at least one."""
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not re.search(pattern, line)]
    if len(kept) == len(lines):
        raise AssertionError(f"no line matches {pattern}")
    return "".join(kept)


def corrupt(text, covered="NAPTR"):
    """One letter of each such signature is another one."""
    def change(found):
        middle = len(found[2]) // 2
        return found[1] + found[2][:middle] + ("A" if found[2][middle] != "A" else "B") + found[2][middle + 1:]
    changed, count = re.subn(rf"(?m)^(.*\sRRSIG\s+{covered}\s.*\s)(\S+)$", change, text)
    if count == 0:
        raise AssertionError("no such signature")
    return changed


class Dnssec(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Nsd()
        cls.addClassCleanup(cls.server.__exit__)
        cls.key = Key(cls.server.folder, TREE)
        cls.private_key = Key(cls.server.folder, PRIVATE)

    def ask(self, *more, number=NUMBER, mode="yes", anchor=None, form="--json"):
        """What the program prints, and its exit status."""
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as config:
            config.write(f"[enum]\ndnssec = {mode}\ntrust_anchor = {anchor or self.server.root.anchor}\ntimeout = 10s\n")
            config.flush()
            return subprocess.run([robot.PBXCTL, "--config", config.name, "enum", "lookup", form, "--server", self.server.where, *more,
                                   "--", number], capture_output=True, text=True, timeout=lab.ASK_LIMIT, check=False)

    def expect(self, dnssec, what, *more, **how):
        """`what` is a URI or a code."""
        done = self.ask(*more, **how)
        said = json.loads(done.stdout)
        self.assertEqual((said["dnssec"], said.get("uri", said.get("code"))), (dnssec, what), said.get("why"))
        statuses = {"bogus": 76, "servfail": 75}
        self.assertEqual(done.returncode, 0 if "uri" in said else statuses.get(what, 1))
        if dnssec == "bogus":
            self.assertNotIn('"uri"', done.stdout)  # nor of any record
            self.assertTrue(said["why"])
        return said

    def tree(self, records=GOOD, key=None, **how):
        return (key or self.key).sign(APEX.format(zone=TREE, serial=1) + records, **how)

    def check_vector(self, name):
        expect = VECTORS[name]["expect"]
        zone = VECTORS[name]["records"]
        self.assertTrue(all(record["zone"] + "\n" == GOOD.replace(" 300", "") for record in zone))
        self.expect(expect.get("dnssec", "bogus"), expect.get("uri", expect.get("code")))

    def test_good(self):
        """a signed number is secure (vector dnssec-1)"""
        self.server.publish(self.tree(), ds=self.key.ds)
        self.check_vector("dnssec-1-secure")

    def test_corrupt(self):
        """a signature that does not hold is bogus and gives no URI (vector dnssec-2)"""
        self.server.publish(corrupt(self.tree()), ds=self.key.ds)
        self.check_vector("dnssec-2-bogus")
        done = self.ask("--print", "uri", form="-q")
        self.assertEqual((done.stdout, done.returncode), ("", 76))
        self.assertIn("dnssec: bogus: ", self.ask(form="--explain").stdout)

    def test_no_denial(self):
        """a "no" without its proof is bogus (vector dnssec-4)"""
        self.server.publish(without(r"\sNSEC\s", self.tree(records="")), ds=self.key.ds)
        self.check_vector("dnssec-4-bogus")

    def test_no_ds(self):
        """a zone that is proven not to be signed is insecure (vector dnssec-5)"""
        self.server.publish(APEX.format(zone=TREE, serial=1) + GOOD)
        self.check_vector("dnssec-5-insecure")

    def test_ed25519(self):
        """Ed25519 is known (vector dnssec-7)"""
        key = Key(self.server.folder, TREE, "ED25519")
        self.server.publish(self.tree(key=key), ds=key.ds)
        self.check_vector("dnssec-7-secure")

    def test_unknown_algorithm(self):
        """a zone signed by an algorithm that nobody knows is insecure, not bogus (vector dnssec-8)"""
        signed = re.sub(r"(?m)(\sDNSKEY\s+257 3 )13 ", rf"\g<1>{UNKNOWN} ", self.tree())
        signed = re.sub(r"(?m)(\sRRSIG\s+\S+ )13 ", rf"\g<1>{UNKNOWN} ", signed)
        self.assertEqual(signed.count(f" {UNKNOWN} ") > 3, True)
        self.server.publish(signed, ds=re.sub(r"(\sDS\s+\d+) 13 ", rf"\g<1> {UNKNOWN} ", self.key.ds))
        self.check_vector("dnssec-8-insecure")

    def test_no_number(self):
        """a "no" with its proof is secure, by NSEC and by NSEC3"""
        for denial in (NSEC, NSEC3):
            with self.subTest(denial):
                self.server.publish(self.tree(denial=denial), ds=self.key.ds)
                self.expect("secure", "nxdomain", number="+441632960084")
                self.expect("secure", "nodata", number="+441")  # numbers stand below it

    def test_wildcard(self):
        """a wildcard is secure with the proof that nothing stands nearer, bogus without"""
        record = GOOD.replace(NAME, "*.9.4")
        for denial, proof in ((NSEC, r"\sNSEC\s"), (NSEC3, r"\sNSEC3\s")):
            with self.subTest(denial):
                signed = self.tree(record, denial=denial)
                self.server.publish(signed, ds=self.key.ds)
                self.expect("secure", "sip:a@example.com", number="+4912345")
                self.server.publish(without(proof, signed), ds=self.key.ds)
                self.expect("bogus", "bogus", number="+4912345")

    def test_expired(self):
        """signatures that are too old are bogus"""
        self.server.publish(self.tree(age=3 * DAY, life=-DAY), ds=self.key.ds)
        self.expect("bogus", "bogus")

    def test_stripped(self):
        """signatures that somebody left out are bogus where the parent says that there are some"""
        self.server.publish(APEX.format(zone=TREE, serial=1) + GOOD, ds=self.key.ds)
        self.expect("bogus", "bogus")

    def test_hops(self):
        """a non-terminal record is as good as what it leads to"""
        hop = f'{NAME}.e164.arpa. 300 NAPTR 100 10 "" "" "" target.{PRIVATE}\n'
        below = APEX.format(zone=PRIVATE, serial=1) + GOOD.replace(f"{NAME}.e164.arpa.", f"target.{PRIVATE}")
        signed = self.private_key.sign(below)
        self.server.publish(self.tree(hop), private=signed, ds=self.key.ds + self.private_key.ds)
        self.expect("secure", "sip:a@example.com")
        self.server.publish(self.tree(hop), private=below, ds=self.key.ds)
        self.expect("insecure", "sip:a@example.com")
        self.expect("insecure", "insecure", mode="require")
        self.server.publish(self.tree(hop), private=corrupt(signed), ds=self.key.ds + self.private_key.ds)
        self.expect("bogus", "bogus")
        second = GOOD.replace("100 10", "200 10")
        self.server.publish(self.tree(hop + second), private=corrupt(signed), ds=self.key.ds + self.private_key.ds)
        self.expect("bogus", "bogus")

    def test_require(self):
        """dnssec = require takes what is signed and nothing else"""
        self.server.publish(self.tree(), ds=self.key.ds)
        self.expect("secure", "sip:a@example.com", mode="require")
        self.server.publish(APEX.format(zone=TREE, serial=1) + GOOD)
        self.expect("insecure", "insecure", mode="require")
        self.expect("indeterminate", "sip:a@example.com", mode="no")

    def test_own_anchor(self):
        """a private tree is trusted by its own key; what no anchor covers is indeterminate; another's key is bogus"""
        self.server.publish(self.tree())
        self.expect("secure", "sip:a@example.com", anchor=self.key.anchor)
        self.expect("indeterminate", "sip:a@example.com", anchor=self.private_key.anchor)
        self.expect("indeterminate", "insecure", anchor=self.private_key.anchor, mode="require")
        self.expect("bogus", "bogus", anchor=Key(self.server.folder, TREE).anchor)

    def test_large(self):
        """answers longer than a datagram are validated over TCP"""
        records = "".join(GOOD.replace("100 10", f"100 {10 + n}").replace("sip:a@", f"sip:a{n}@") for n in range(40))
        self.server.publish(self.tree(records), ds=self.key.ds)
        said = self.expect("secure", "sip:a0@example.com")
        self.assertEqual(len(said["records"]), 40)

    def test_service(self):
        """the service gives what is secure, out of its cache too, and never what is bogus"""
        path, gone = f"/enum/{NUMBER}", "/enum/+441632960084"
        settings = ["dnssec = yes", f"trust_anchor = {self.server.root.anchor}", "timeout = 10s"]
        secure, bogus = (200, "ok", "sip:a@example.com\n"), (502, "bogus", "")
        self.server.publish(self.tree(), ds=self.key.ds)
        with enum_service.Service("--server", self.server.where, settings=settings) as service:
            self.assertEqual(service.get(path), secure)
            self.assertEqual(json.loads(service.get(path + "?json")[2])["dnssec"], "secure")
            self.assertEqual(service.get(gone)[1], "nxdomain")
            self.server.publish(corrupt(self.tree()), ds=self.key.ds)
            self.assertEqual(service.get(path), secure)  # out of the cache
            service.reload()
            for _ in range(3):
                self.assertEqual(service.get(path), bogus)
                self.assertEqual(service.get(path + "?dial=pjsip:phone"), bogus)
            document = service.get(path + "?json")[2]
            self.assertEqual(json.loads(document)["dnssec"], "bogus")
            self.assertNotIn('"uri"', document)
            self.assertEqual(service.channel(f"enum?number={NUMBER}")["ENUM_STATUS"], "bogus")
            self.assertEqual(service.channel(f"enum?number={NUMBER}&dial=pjsip:phone")["ENUM_DIAL"], "")
            self.server.publish(without(r"\sNSEC\s", self.tree(records="")), ds=self.key.ds)
            service.reload()
            self.assertEqual(service.get(gone), bogus)  # a "no" without its proof
            self.server.publish(self.tree(), ds=self.key.ds)
            service.reload()
            self.assertEqual(service.get(path), secure)

    def test_service_requires(self):
        """the service with dnssec = require takes what is signed and nothing else"""
        settings = ["dnssec = require", f"trust_anchor = {self.server.root.anchor}", "timeout = 10s"]
        self.server.publish(APEX.format(zone=TREE, serial=1) + GOOD)
        with enum_service.Service("--server", self.server.where, settings=settings) as service:
            for _ in range(2):
                self.assertEqual(service.get(f"/enum/{NUMBER}"), (404, "insecure", ""))
            self.server.publish(self.tree(), ds=self.key.ds)
            service.reload()
            self.assertEqual(service.get(f"/enum/{NUMBER}")[1], "ok")

    def test_service_mended(self):
        """a zone that was mended is good in the service at once"""
        settings = ["dnssec = yes", f"trust_anchor = {self.server.root.anchor}", "timeout = 10s"]
        self.server.publish(corrupt(self.tree()), ds=self.key.ds)
        with enum_service.Service("--server", self.server.where, settings=settings) as service:
            self.assertEqual(service.get(f"/enum/{NUMBER}")[1], "bogus")
            self.server.publish(self.tree(), ds=self.key.ds)
            end = time.monotonic() + MENDED
            while service.get(f"/enum/{NUMBER}")[1] == "bogus" and time.monotonic() < end:
                pass
            self.assertEqual(service.get(f"/enum/{NUMBER}"), (200, "ok", "sip:a@example.com\n"))

    def test_faults(self):
        """a trust anchor that is missing or none, and a list, are refused before anything is asked"""
        self.assertEqual(self.ask(anchor="/nowhere/root.key").returncode, 66)
        self.assertEqual(self.ask(anchor=__file__).returncode, 78)
        self.assertEqual(self.ask("--profile", "enumer", "--dnssec").returncode, 64)

    def test_closed(self):
        """a closed port is told at once, with --dnssec, too"""
        done = subprocess.run([robot.PBXCTL, "enum", "lookup", "--dnssec", "--json", "--server", f"127.0.0.1:{ports.free_port()}", NUMBER],
                              capture_output=True, text=True, timeout=lab.ASK_LIMIT, check=False,
                              env={"PBXCTL_CONFIG": str(lab.SOURCE / "tests/cli/files/empty.conf"),
                                   "PBXCTL_ENUM_TRUST_ANCHOR": str(self.server.root.anchor)})
        self.assertEqual((json.loads(done.stdout)["code"], done.returncode), ("unreachable", 69))


if __name__ == "__main__":
    unittest.main()
