"""The ground of devstate on real Asterisk, without a relay: what lights a telephone's lamp, and which rights a relay needs."""

import threading
import time
import unittest

import ami
import desk
import lab
import lamps
import phone
import sipp

LIMIT = 5  # seconds a lamp may take
STATES = [("RINGING", "early"), ("INUSE", "confirmed"), ("BUSY", "confirmed"), ("ONHOLD", "confirmed"), ("NOT_INUSE", "terminated"),
          ("UNAVAILABLE", "terminated")]
RIGHTS = ["DeviceStateList", "ExtensionStateList", "PresenceStateList", "CoreSettings", "Ping"]


class Relay:
    """The AMI user of relays, as ami.Ami wants an instance."""

    def __init__(self, instance):
        self.instance = instance
        self.ports = dict(instance.ports, AMI_USER=instance.ports["RELAY_USER"], AMI_SECRET=instance.ports["RELAY_SECRET"])

    def port(self, what):
        return self.instance.port(what)


class OnBoth:
    sip = "SIP"

    def setUp(self):
        self.instance = lab.shared(self.version)

    def test_states(self):
        """a lamp of another server's name shows each state that AMI sets"""
        # RINGINUSE is left out: chan_sip words it "early", PJSIP "confirmed" (notify_early_inuse_ringing = no)
        name = f"{self.first + 1}*b.example.com"
        with ami.Ami(self.instance) as manager, lamps.Panel(self.instance.port(self.sip)) as panel:
            panel.subscribe([name])
            for state, shown in STATES:
                manager.act("Setvar", Variable=f"DEVICE_STATE(Custom:{name})", Value=state)
                self.assertTrue(panel.wait_shown(name, shown, LIMIT), f"{state}: {panel.shown}")

    def test_many(self):
        """two hundred lamps on one socket, each told of each change"""
        names = [str(number) for number in range(self.first, self.first + 200)]
        with ami.Ami(self.instance) as manager, lamps.Panel(self.instance.port(self.sip)) as panel:
            panel.subscribe(names)
            for state, shown in ("INUSE", "confirmed"), ("NOT_INUSE", "terminated"):
                for name in names:
                    manager.act("Setvar", Variable=f"DEVICE_STATE(Custom:{name})", Value=state)
                self.assertTrue(panel.wait(lambda: set(panel.shown.values()) == {shown}, LIMIT))

    def test_no_lamp(self):
        """a lamp without a hint is refused"""
        for name in "999", "101*d.example.com", "101*bxexample.com":
            with lamps.Panel(self.instance.port(self.sip)) as panel, self.assertRaisesRegex(lamps.LampError, "404"):
                panel.subscribe([name])

    def test_sipp(self):
        """SIPp's telephone sees a lamp lit and out"""
        name = f"{self.first + 2}*b.example.com"
        with ami.Ami(self.instance) as manager, \
                sipp.Sipp("lamp", self.instance.port(self.sip), name, 20, CALLER=self.calls, LIT="confirmed") as telephone:
            self.assertTrue(telephone.wait_received("NOTIFY", 1, LIMIT))
            for number, state in enumerate(("INUSE", "NOT_INUSE"), 2):
                manager.act("Setvar", Variable=f"DEVICE_STATE(Custom:{name})", Value=state)
                self.assertTrue(telephone.wait_received("NOTIFY", number, LIMIT))
            telephone.done()

    def test_call(self):
        """a call lights the caller's lamp and makes the called one's blink, then lights it"""
        port = self.instance.port(self.sip)
        # chan_sip holds a telephone that has not registered for unavailable, even while it calls
        with lamps.Panel(port) as panel, desk.Desk(port, self.calls), desk.Desk(port, self.called) as called:
            panel.subscribe([self.calls, self.called])
            caller = phone.Phone(self.instance, self.called, self.calls)
            caller.server = ("127.0.0.1", port)
            call = threading.Thread(target=caller.__enter__)
            call.start()
            self.assertTrue(called.ringing.wait(LIMIT))
            self.assertTrue(panel.wait_shown(self.called, "early", LIMIT), panel.shown)
            called.pick_up()
            call.join()
            for number in self.calls, self.called:
                self.assertTrue(panel.wait_shown(number, "confirmed", LIMIT), panel.shown)
            caller.__exit__()
            for number in self.calls, self.called:
                self.assertTrue(panel.wait_shown(number, "terminated", LIMIT), panel.shown)

    def test_rights(self):
        """a relay's user with read = call and write = call,reporting can do what a relay does and no more"""
        device = f"Custom:{self.first + 3}*b.example.com"
        with ami.Ami(Relay(self.instance)) as relay:
            self.assertEqual({action: relay.act(action)["Response"] for action in RIGHTS}, dict.fromkeys(RIGHTS, "Success"))
            for state in "INUSE", "NOT_INUSE":
                relay.act("Setvar", Variable=f"DEVICE_STATE({device})", Value=state)
                self.assertIsNotNone(relay.wait(lambda event: event.get("Device") == device and event.get("State") == state, LIMIT))
            relay.act("Setvar", Variable=f"PRESENCE_STATE(CustomPresence:{self.first + 3})", Value="dnd,at,lunch")
            self.assertIsNotNone(relay.wait(lambda event: event.get("Event") == "PresenceStateChange", LIMIT))
            for action, words in ("Command", {"Command": "core show uptime"}), ("Originate", {"Channel": "Local/100@lab", "Application": "Wait"}):
                self.assertEqual(relay.act(action, may_fail=True, **words)["Message"], "Permission denied")


class Mailbox:
    def test_mailbox(self):
        """a mailbox's messages are told as MessageWaiting, where only New can be trusted, and as the device MWI:"""
        instance = lab.shared(self.version)
        with ami.Ami(instance) as manager, desk.Desk(instance.port("SIP"), "104") as telephone:
            for new, state in (2, "INUSE"), (0, "NOT_INUSE"):
                since = len(manager.events)
                telephone.tell_mailbox(new)
                told = manager.wait(lambda event: event.get("Event") == "MessageWaiting", LIMIT, since)
                self.assertEqual((told["Mailbox"], told["New"], told["Waiting"]), ("104@default", str(new), "0"))
                self.assertIsNotNone(manager.wait(
                    lambda event, state=state: event.get("Device") == "MWI:104@default" and event["State"] == state, LIMIT, since))


class Boot:
    def test_boot(self):
        """a booting Asterisk takes a login before it knows DeviceStateList or DEVICE_STATE(), and then knows them"""
        name = lab.VERSIONS[self.version]
        with lab.Private(name) as instances:
            instance = instances[name]
            instance.kill()
            booting = threading.Thread(target=instance.start_again)
            booting.start()
            answers = self.asked(instance)
            booting.join()
        self.assertEqual(answers[-1], ("Listing", "Variable Set"))
        self.assertTrue(answers[0][0].startswith("Invalid/unknown command") or answers[0][1] == "Variable not set", answers)

    def asked(self, instance):
        """The different answers of one session from the first login on, in order."""
        end, answers = time.monotonic() + lab.BOOT_LIMIT, []
        while time.monotonic() < end:
            try:
                with ami.Ami(Relay(instance)) as relay:
                    while not answers or answers[-1] != ("Listing", "Variable Set"):
                        listed = relay.act("DeviceStateList", may_fail=True)
                        written = relay.act("Setvar", may_fail=True, Variable="DEVICE_STATE(Custom:boot)", Value="INUSE")
                        now = "Listing" if listed["Response"] == "Success" else listed["Message"], written["Message"]
                        answers += [now] if answers[-1:] != [now] else []
                    return answers
            except (OSError, ami.AmiError):
                time.sleep(0.01)
        return answers


class On22(OnBoth, Boot, Mailbox, unittest.TestCase):
    version, first, calls, called = "22", 1200, "101", "102"


class On16(OnBoth, Boot, Mailbox, unittest.TestCase):
    version, first, calls, called = "16", 1200, "101", "102"


class OnChanSip(OnBoth, unittest.TestCase):
    version, where, sip, first, calls, called = "16", "16 chan_sip", "OLDSIP", 1400, "111", "112"
