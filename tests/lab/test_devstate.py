"""devstate relay on real Asterisk: a call on one lights the lamp of a telephone on another, and what is gone goes dark."""

import base64
import contextlib
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import time
import unittest

import ami
import brokers
import desk
import lab
import lamps
import relays
import sipp

LIMIT = 5          # seconds: the bar for a dead peer's lamps
BACK = 15         # and after a restart of Asterisk: its boot, and a relay's pauses between tries
FAILOVER = 30     # and while a nats cluster that lost a node elects leaders: 9 s, in which it ends every connection
LOOKS = 40        # and when a module that was missing is there: the relay looks every 15 s
SOON = 5           # seconds a lamp may take otherwise, on a loaded machine
CALL_TIME = 2000   # milliseconds of a call
RULES = ["send => extension _1XX@lamps", "send => device Custom:_1XXX as {1}"]
OLD_MQTT = ["via_version = 3.1.1"]  # nats-server 2.9
NAMES = {"a": "a.example.com", "b": "b.example.com", "c": "c.example.com"}


def write_silence(folder):
    """µ-law silence for SIPp's caller."""
    path = pathlib.Path(folder) / "silence"
    path.write_bytes(b"\xff" * (CALL_TIME * 8))
    return path


class Case(unittest.TestCase):
    """A lab of its own for each test: relays hold every lamp of the template for theirs."""

    def start(self, *names):
        self.lab = self.enterContext(lab.Private(*names))
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="pbxctl-devstate-")))

    def relay(self, name, rules=RULES, **options):
        return relays.Relay(self.lab[name], NAMES[name], self.folder / name, rules, **options)

    def pair(self, one, other, via=None, **options):
        """Two relays that know each other: by a link that `other` dials, or a broker."""
        first = self.enterContext(self.relay(one, via=via, listen=not via, **options))
        second = self.enterContext(self.relay(other, via=via, peers=() if via else [first.url], listen=False, **options))
        return first, second

    def manager(self, name):
        return self.enterContext(ami.Ami(self.lab[name]))

    def state(self, manager, device):
        return manager.act("Getvar", Variable=f"DEVICE_STATE({device})")["Value"]

    def wait_state(self, manager, device, wanted, limit=SOON):
        """Until the device has that state: told by events, or so already."""
        since = len(manager.events)
        if self.state(manager, device) != wanted:
            told = manager.wait(lambda event: event.get("Device") == device and event.get("State") == wanted, limit, since)
            self.assertIsNotNone(told, f"{device} is {self.state(manager, device)}, not {wanted} within {limit} s")


class Calls:
    """The same walk over each way."""

    def walk(self, one, other):
        audio = write_silence(self.folder)
        self.light(one, other, audio)
        self.light(other, one, audio)

    def light(self, here, there, audio):
        """A telephone here calls; SIPp's telephone there, with a lamp for it, sees it lit and out."""
        old_here, old_there = (self.lab[name].version == "16" for name in (here, there))
        number, hint = ("111", "SIP/111") if old_here else ("101", "PJSIP/101")
        lamp = f"{number}*{NAMES[here]}"
        with contextlib.ExitStack() as around:
            port = self.lab[here].port("OLDSIP" if old_here else "SIP")
            around.enter_context(desk.Desk(port, number))
            at_rest = around.enter_context(ami.Ami(self.lab[here]))
            self.wait_state(at_rest, hint, "NOT_INUSE")
            self.wait_state(around.enter_context(ami.Ami(self.lab[there])), f"Custom:{lamp}", "NOT_INUSE", FAILOVER)
            seen = around.enter_context(sipp.Sipp("lamp", self.lab[there].port("OLDSIP" if old_there else "SIP"), lamp, 30,
                                                  CALLER="112" if old_there else "102", LIT="confirmed"))
            self.assertTrue(seen.wait_received("NOTIFY", 1, SOON))
            caller = around.enter_context(sipp.Sipp("caller", port, "200", 20, CALLER=number, AUDIO=audio, MILLISECONDS=CALL_TIME))
            self.assertTrue(seen.wait_received("NOTIFY", 2, SOON))
            if old_there:
                self.assertRegex(self.lab[there].ask("sip show subscriptions"), rf"{re.escape(lamp[:15])}\S* +InUse +dialog-info")
            caller.done()
            seen.done()


class On22(Calls, Case):
    version = "22"

    def test_link(self):
        """a call on one server lights the lamp of a telephone on the other, both ways, over a WebSocket link"""
        self.start("a", "b")
        self.pair("a", "b")
        self.walk("a", "b")

    def test_mosquitto(self):
        """a call on one server lights the lamp of a telephone on the other, both ways, over mosquitto"""
        self.start("a", "b")
        broker = self.enterContext(brokers.Mosquitto())
        self.pair("a", "b", broker.url)
        self.walk("a", "b")

    def test_nats(self):
        """a call on one server lights the lamp of a telephone on the other, both ways, over three nats-servers of which one is killed"""
        self.start("a", "b")
        broker = self.enterContext(brokers.NatsCluster())
        self.pair("a", "b", broker.url, lines=OLD_MQTT)
        self.walk("a", "b")
        broker.kill(0)
        self.walk("a", "b")


class On16(Calls, Case):
    version = "16"

    def test_link(self):
        """a call on 22 lights the lamp of a telephone on 16 and the other way, over a WebSocket link; sip show subscriptions agrees"""
        self.start("a", "c")
        self.pair("a", "c")
        self.walk("a", "c")

    def test_mosquitto(self):
        """a call on 22 lights the lamp of a telephone on 16 and the other way, over mosquitto"""
        self.start("a", "c")
        broker = self.enterContext(brokers.Mosquitto())
        self.pair("a", "c", broker.url)
        self.walk("a", "c")

    def test_nats(self):
        """a call on 22 lights the lamp of a telephone on 16 and the other way, over three nats-servers of which one is killed"""
        self.start("a", "c")
        broker = self.enterContext(brokers.NatsCluster())
        self.pair("a", "c", broker.url, lines=OLD_MQTT)
        broker.kill(0)
        self.walk("a", "c")


class Truth(Case):
    """Two Asterisk 22 and ten lamps of a's, some lit; what b shows when something is gone and when it is back."""
    version = "22"
    lit = [f"Custom:{number}" for number in range(1001, 1006)]
    out = [f"Custom:{number}" for number in range(1006, 1011)]

    def begin(self, *names):
        names = names or ("a", "b")
        self.start(*names)
        self.managers = {name: self.manager(name) for name in names}
        self.set("a", self.lit, "INUSE")
        self.set("a", self.out, "NOT_INUSE")

    def set(self, name, devices, state):
        for device in devices:
            self.managers[name].act("Setvar", Variable=f"DEVICE_STATE({device})", Value=state)

    def wait_shown(self, name, devices, state, limit=SOON, of="a"):
        end = time.monotonic() + limit
        for device in devices:
            self.wait_state(self.managers[name], f"{device}*{NAMES[of]}", state, max(0.01, end - time.monotonic()))

    def test_relay_killed(self):
        """lamps of a server whose relay was killed are UNAVAILABLE within 5 s and right again when it is back"""
        self.begin()
        one, _ = self.pair("a", "b")
        self.wait_shown("b", self.lit, "INUSE")
        one.kill()
        self.wait_shown("b", self.lit + self.out, "UNAVAILABLE", LIMIT)
        self.set("a", self.lit[:2], "RINGING")
        one.start()
        self.wait_shown("b", self.lit[2:], "INUSE")
        self.wait_shown("b", self.lit[:2], "RINGING")
        self.wait_shown("b", self.out, "NOT_INUSE")

    def test_relay_hangs(self):
        """lamps of a server whose relay hangs are UNAVAILABLE within 5 s and right again when it goes on"""
        self.begin()
        one, _ = self.pair("a", "b")
        self.wait_shown("b", self.lit, "INUSE")
        one.stop()
        self.wait_shown("b", self.lit + self.out, "UNAVAILABLE", LIMIT)
        one.carry_on()
        self.wait_shown("b", self.lit, "INUSE")

    def test_asterisk_killed(self):
        """lamps of an Asterisk that was killed are UNAVAILABLE within 5 s and right again when it is back"""
        self.begin()
        self.pair("a", "b")
        self.wait_shown("b", self.lit, "INUSE")
        wait_saved(self.lab["a"], self.lit)
        self.lab["a"].kill()
        self.wait_shown("b", self.lit + self.out, "UNAVAILABLE", LIMIT)
        self.lab["a"].start_again()
        self.wait_shown("b", self.lit, "INUSE", BACK)

    def test_own_asterisk_killed(self):
        """an Asterisk that comes back with old lamps is put right"""
        self.begin()
        self.pair("a", "b")
        self.wait_shown("b", self.lit, "INUSE")
        wait_saved(self.lab["b"], [f"{device}*{NAMES['a']}" for device in self.lit])
        self.lab["b"].kill()
        self.set("a", self.lit, "NOT_INUSE")
        self.set("a", self.out, "INUSE")
        self.lab["b"].start_again()
        self.managers["b"] = self.manager("b")
        self.wait_shown("b", self.lit, "NOT_INUSE", BACK)
        self.wait_shown("b", self.out, "INUSE", BACK)

    def test_restart_alone(self):
        """lamps left from before a restart, of a server that is not there, are UNAVAILABLE"""
        self.begin()
        one, other = self.pair("a", "b")
        self.wait_shown("b", self.lit, "INUSE")
        other.kill()
        one.kill()
        other.start()
        self.wait_shown("b", self.lit + self.out, "UNAVAILABLE", LIMIT + SOON)

    def test_ends_politely(self):
        """lamps of a server whose relay is told to end are UNAVAILABLE at once"""
        self.begin()
        one, _ = self.pair("a", "b")
        self.wait_shown("b", self.lit, "INUSE")
        one.process.terminate()
        self.assertEqual(one.process.wait(relays.LIMIT), 143, one.log())
        self.wait_shown("b", self.lit + self.out, "UNAVAILABLE", LIMIT)

    def test_module_missing(self):
        """an Asterisk without res_manager_devicestate is named, and once it is loaded its devices are carried"""
        self.begin()
        self.lab["b"].ask("module unload res_manager_devicestate.so")
        _, other = self.pair("a", "b")
        self.assertTrue(other.wait_log("res_manager_devicestate"), other.log())
        self.set("b", ["Custom:1500"], "INUSE")
        self.lab["b"].ask("module load res_manager_devicestate.so")
        self.wait_shown("a", ["Custom:1500"], "INUSE", LOOKS, of="b")

    def test_wrong_token(self):
        """a relay with a wrong token gets nothing and gives nothing"""
        self.begin("a", "b", "c")
        one = self.enterContext(self.relay("a"))
        stranger = self.enterContext(self.relay("b", peers=[one.url], listen=False, token="another-token"))
        friend = self.enterContext(self.relay("c", peers=[one.url], listen=False))
        self.assertTrue(stranger.wait_log("(?i)refused|token"), stranger.log())
        self.wait_shown("c", self.lit, "INUSE")  # who has the token has them; the stranger has had the same time
        self.assertNotIn(NAMES["a"], self.lab["b"].ask("devstate list"))
        self.assertNotIn(NAMES["b"], self.lab["a"].ask("devstate list"))

    def test_certificates(self):
        """with ca_file, a relay whose certificate that authority did not sign gets nothing, and one without any neither"""
        self.begin("a", "b", "c")
        home, strange = (Authority(self.folder / name) for name in ("authority", "strange"))
        one = self.enterContext(self.relay("a", token=None, lines=home.lines("a")))
        mixed = [f"ca_file = {home.folder}/ca.pem", *strange.lines("b")[1:]]
        for number, lines in enumerate((mixed, [f"ca_file = {home.folder}/ca.pem"])):
            stranger = relays.Relay(self.lab["b"], NAMES["b"], self.folder / f"stranger{number}", RULES, [one.url], listen=False,
                                    token=None, lines=lines)
            with stranger:
                self.assertTrue(stranger.wait_log("(?i)certificate|tls|refused"), stranger.log())
        self.enterContext(self.relay("b", peers=[one.url], listen=False, token=None, lines=strange.lines("b")))
        self.enterContext(self.relay("c", peers=[one.url], listen=False, token=None, lines=home.lines("c")))
        self.wait_shown("c", self.lit, "INUSE")
        self.assertNotIn(NAMES["a"], self.lab["b"].ask("devstate list"))
        self.assertNotIn(NAMES["b"], self.lab["a"].ask("devstate list"))

    def test_every_hint(self):
        """without send rules every hint is sent, and a lamp that came from another server never goes back"""
        self.begin()
        self.set("a", ["Custom:1234"], "INUSE")
        with contextlib.ExitStack() as around:
            for name, names in ("a", ["1234", f"1234*{NAMES['b']}"]), ("b", ["1234", f"1234*{NAMES['a']}"]):
                around.enter_context(lamps.Panel(self.lab[name].port("SIP"))).subscribe(names)
            self.pair("a", "b", rules=[])
            self.wait_shown("b", ["Custom:1234"], "INUSE")
            for state in "RINGING", "INUSE", "NOT_INUSE":
                self.set("a", ["Custom:1234"], state)
                self.wait_shown("b", ["Custom:1234"], state)
        for name in "a", "b":
            self.assertNotRegex(self.lab[name].ask("devstate list"), r"\*.*\*")

    def test_joined_hints(self):
        """hints that join a telephone and its lamp of the other server, each way: not told, or both stayed lit for ever; the log says so"""
        self.begin()
        for name, other in ("a", "b"), ("b", "a"):
            (self.lab[name].folder / "etc/lamps_more.conf").write_text(
                f"exten => 1700,hint,Custom:1700&Custom:1700*{NAMES[other]}\nexten => 1701,hint,Custom:1701\n")
            self.lab[name].ask("dialplan reload")
        for relay in self.pair("a", "b", rules=["send => extension _17XX@lamps"]):
            self.assertTrue(relay.wait_log("1700@lamps isn't told to others: its hint names a lamp of another server"), relay.log())
        for state in "INUSE", "NOT_INUSE":
            self.set("a", ["Custom:1700", "Custom:1701"], state)
            self.wait_shown("b", ["Custom:1701"], state)
        for name in "a", "b":
            self.assertNotIn("1700*", self.lab[name].ask("devstate list"))

    def test_presence(self):
        """DND on one server makes the lamp busy on the other, and messages in a mailbox light one"""
        self.begin()
        self.pair("a", "b", rules=["send => presence CustomPresence:_1XX as dnd{1} lamp", "send => mailbox _1XX@default as mwi{1}"])
        telephone = self.enterContext(desk.Desk(self.lab["a"].port("SIP"), "104"))
        for presence, lamp in ("dnd,at lunch,back soon", "BUSY"), ("available", "NOT_INUSE"):
            self.managers["a"].act("Setvar", Variable="PRESENCE_STATE(CustomPresence:104)", Value=presence)
            self.wait_shown("b", ["Custom:dnd104"], lamp)
        for new, lamp in (2, "INUSE"), (0, "NOT_INUSE"):
            telephone.tell_mailbox(new)
            self.wait_shown("b", ["Custom:mwi104"], lamp)

    def test_presence_commas(self):
        """a relayed presence keeps its commas: what follows one in its message is no option of PRESENCE_STATE()"""
        self.begin()
        self.pair("a", "b", rules=["send => presence CustomPresence:_1XX as {1}"])
        for subtype, message in ("office", "back, at 2"), ("", "x,e"), ("at lunch", "no comma"):
            fields = ",".join(base64.b64encode(text.encode()).decode() for text in (subtype, message))
            self.managers["a"].act("Setvar", Variable="PRESENCE_STATE(CustomPresence:105)", Value=f"dnd,{fields},e")
            self.wait_presence("b", f"CustomPresence:105*{NAMES['a']}", ["dnd", subtype, message])

    def wait_presence(self, name, presentity, wanted):
        end = time.monotonic() + SOON
        while (found := [self.managers[name].act("Getvar", Variable=f"PRESENCE_STATE({presentity},{field})")["Value"]
                         for field in ("value", "subtype", "message")]) != wanted:
            self.assertLess(time.monotonic(), end, f"{presentity} is {found}, not {wanted}")
            time.sleep(relays.POLL)

    def test_dialplan(self):
        """a telephone's SUBSCRIBE finds a lamp of another server in the hints that devstate dialplan prints"""
        self.begin()
        relay = relays.Relay(self.lab["a"], "pbx-7.example.net", self.folder / "far", RULES)
        self.enterContext(relay)
        near = self.enterContext(self.relay("b", peers=[relay.url], listen=False))
        printed = subprocess.run(near.command("devstate", "dialplan"), capture_output=True, text=True, timeout=relays.LIMIT, check=False)
        self.assertEqual(printed.returncode, 0, printed.stderr)
        context = re.search(r"(?m)^\[([^\]]+)\]", printed.stdout)[1]
        (self.lab["b"].folder / "etc/lamps_more.conf").write_text(f"include => {context}\n{printed.stdout}\n")
        self.lab["b"].ask("dialplan reload")
        with lamps.Panel(self.lab["b"].port("SIP")) as panel:
            panel.subscribe(["1001*pbx-7.example.net"])
            self.assertTrue(panel.wait_shown("1001*pbx-7.example.net", "confirmed", SOON), panel.shown)


class Authority:
    """A certificate authority, and certificates of 127.0.0.1 that it signed."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
                     "-days", "2", "-subj", f"/CN={folder.name}")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, timeout=relays.LIMIT, check=True)

    def lines(self, name):
        """ca_file, certificate and key of a relay."""
        (self.folder / "names").write_text("subjectAltName = IP:127.0.0.1\n")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr",
                     "-subj", f"/CN={NAMES[name]}")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                     "-extfile", "names", "-out", f"{name}.pem")
        return [f"ca_file = {self.folder}/ca.pem", f"certificate = {self.folder}/{name}.pem", f"key = {self.folder}/{name}.key"]


def wait_saved(instance, devices):
    """Until astdb has them on disk: Asterisk commits once a second, and what is killed before has lost them."""
    wanted = {f"/CustomDevstate/{device.removeprefix('Custom:')}" for device in devices}
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        with contextlib.closing(sqlite3.connect(f"file:{instance.folder}/db/astdb.sqlite3?mode=ro", uri=True)) as base:
            if wanted <= {key for key, in base.execute("SELECT key FROM astdb")}:
                return
        time.sleep(0.1)
    raise AssertionError(f"not in astdb: {wanted}")
