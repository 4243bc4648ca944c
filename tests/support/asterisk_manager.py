#!/usr/bin/env python3
"""A manager of Asterisk's for tests: asterisk_manager.py [WAY...] COMMAND [ARGUMENT...]

Runs COMMAND with the port of 127.0.0.1 where it listens in $PBXCTL_AMI_PORT. It has one user, relay, with the secret opensesame, a few
states, and these ways of being in trouble:
    +refuse      the login is refused
    +readonly    nothing may be set
    +bare        res_manager_devicestate and res_manager_presencestate are not loaded
    +old         Asterisk 1.8: hints alone, by their CLI
    +restart     the first connection is cut after its snapshot; afterwards other states, and a change every 20 ms
    +ssh         something else speaks there
"""
import hashlib
import os
import socket
import subprocess
import sys
import threading
import time

CHALLENGE, USER, SECRET = "199584870", "relay", "opensesame"
CALL = ["Getvar", "ExtensionState", "ExtensionStateList", "PresenceState", "MailboxCount", "ListCommands", "VoicemailUsersList"]
MODULES = ["DeviceStateList", "PresenceStateList"]
HINTS = """
    -= Registered Asterisk Dial Plan Hints =-
                    101@internal            : SIP/101               State:InUse           Watchers  1
                   _2XX@internal            : SIP/${EXTEN}          State:Unavailable     Watchers  0
----------------
- 2 hints registered"""
DEVSTATES = "---\n--- Name: 'Custom:night'  State: 'BUSY'\n---"


def block(*lines):
    return "".join(f"{line}\r\n" for line in lines) + "\r\n"


class Session(threading.Thread):
    def __init__(self, manager, peer):
        super().__init__(daemon=True)
        self.manager, self.peer, self.ways, self.devices = manager, peer, manager.ways, manager.devices

    def run(self):
        try:
            self.say("SSH-2.0-OpenSSH_9.2\r\n" if "ssh" in self.ways else
                     f"Asterisk Call Manager/{'1.1' if 'old' in self.ways else '11.0.0'}\r\n")
            data = b""
            while more := self.peer.recv(65536):
                *blocks, data = (data + more).split(b"\r\n\r\n")
                for text in blocks:
                    self.take(dict(line.split(": ", 1) for line in text.decode().split("\r\n")))
        except OSError:
            pass
        finally:
            self.peer.close()

    def say(self, text):
        self.peer.sendall(text.encode())

    def answer(self, action, kind, *lines):
        self.say(block(f"Response: {kind}", f"ActionID: {action['ActionID']}", *lines))

    def listed(self, action, end, event, entries):
        self.answer(action, "Success", "EventList: start", "Message: will follow")
        for entry in entries:
            self.say(block(f"Event: {event}", f"ActionID: {action['ActionID']}", *entry))
        self.say(block(f"Event: {end}", f"ActionID: {action['ActionID']}", "EventList: Complete", f"ListItems: {len(entries)}"))

    def take(self, action):
        name = action["Action"]
        if name in self.allowed():
            getattr(self, "on_" + name.lower())(action)
        elif name == "Setvar" and "readonly" in self.ways:
            self.answer(action, "Error", "Message: Permission denied")
        else:
            self.answer(action, "Error", f"Message: Invalid/unknown command: {name}. Use Action: ListCommands to show available commands.")

    def allowed(self):
        names = ["Challenge", "Login", "Ping", *CALL]
        if "old" in self.ways:
            return [name for name in names if name != "ExtensionStateList"] + ["Command", "CoreShowChannels", "Setvar"]
        return names + ([] if "bare" in self.ways else MODULES) + ([] if "readonly" in self.ways else ["Setvar"])

    def on_challenge(self, action):
        self.answer(action, "Success", f"Challenge: {CHALLENGE}")

    def on_login(self, action):
        key = hashlib.md5((CHALLENGE + SECRET).encode()).hexdigest()
        if action["Username"] != USER or action.get("Key") != key or "refuse" in self.ways:
            return self.answer(action, "Error", "Message: Authentication failed")
        self.answer(action, "Success", "Message: Authentication accepted")

    def on_ping(self, action):
        self.answer(action, "Success", "Ping: Pong")

    def on_listcommands(self, action):
        self.answer(action, "Success", *(f"{name}: does it  (Priv: call,all)" for name in self.allowed()))

    def on_getvar(self, action):
        name = action["Variable"].removeprefix("DEVICE_STATE(").removesuffix(")")
        unknown = "UNKNOWN" if name.startswith("Custom:") else "INVALID"
        self.answer(action, "Success", f"Variable: {action['Variable']}", f"Value: {self.devices.get(name, unknown)}")

    def on_setvar(self, action):
        name = action["Variable"].removeprefix("DEVICE_STATE(").removesuffix(")")
        self.devices[name] = action["Value"]
        self.answer(action, "Success", "Message: Variable Set")

    def on_extensionstate(self, action):
        known = action["Exten"] == "101" and action["Context"] == "internal"
        tech = "SIP" if "old" in self.ways else "PJSIP"
        self.answer(action, "Success", f"Exten: {action['Exten']}", f"Context: {action['Context']}",
                    f"Hint: {tech}/101" if known else "Hint: ", f"Status: {1 if known else -1}")

    def on_presencestate(self, action):
        known = action["Provider"] == "CustomPresence:101"
        self.answer(action, "Success", f"State: {'dnd' if known else 'not_set'}", *(
            ["Subtype: office", "Message: lunch", "PresenceMessage: lunch"] if known else []))

    def on_mailboxcount(self, action):
        self.answer(action, "Success", f"Mailbox: {action['Mailbox']}", "UrgMessages: 0", "NewMessages: 2", "OldMessages: 5")

    def on_devicestatelist(self, action):
        self.listed(action, "DeviceStateListComplete", "DeviceStateChange",
                    [(f"Device: {name}", f"State: {state}") for name, state in self.devices.items()])

    def on_extensionstatelist(self, action):
        self.listed(action, "ExtensionStateListComplete", "ExtensionStatus",
                    [("Exten: 101", "Context: internal", "Hint: PJSIP/101", "Status: 1", "StatusText: InUse")])

    def on_presencestatelist(self, action):
        self.listed(action, "PresenceStateListComplete", "PresenceStateChange",
                    [("Presentity: CustomPresence:101", "Status: dnd", "Subtype: office", "Message: lunch, at 2")])
        if "restart" in self.ways:
            self.restart()

    def on_voicemailuserslist(self, action):
        self.listed(action, "VoicemailUserEntryComplete", "VoicemailUserEntry",
                    [("VMContext: default", "VoiceMailbox: 101", "NewMessageCount: 2", "OldMessageCount: 5")])

    def on_coreshowchannels(self, action):
        self.listed(action, "CoreShowChannelsComplete", "CoreShowChannel",
                    [("Channel: SIP/102-00000001", "ChannelState: 6", "ChannelStateDesc: Up")])

    def on_command(self, action):
        out = HINTS if action["Command"] == "core show hints" else DEVSTATES
        lines = out.replace("\n", "\r\n")
        self.say(f"Response: Follows\r\nPrivilege: Command\r\nActionID: {action['ActionID']}\r\n{lines}\r\n--END COMMAND--\r\n\r\n")

    def restart(self):
        if self.manager.sessions == 1:
            self.change("PJSIP/101", "RINGINUSE")
            self.devices["PJSIP/102"] = "ONHOLD"
            del self.devices["Custom:night"]
            self.peer.shutdown(socket.SHUT_RDWR)
            return
        while True:  # until nobody listens
            time.sleep(0.02)
            self.change("PJSIP/103", "INUSE" if self.devices.get("PJSIP/103") == "NOT_INUSE" else "NOT_INUSE")

    def change(self, device, state):
        self.devices[device] = state
        self.say(block("Event: DeviceStateChange", "Privilege: call,all", f"Device: {device}", f"State: {state}"))


class Manager(threading.Thread):
    def __init__(self, ways):
        super().__init__(daemon=True)
        self.ways, self.sessions = ways, 0
        self.devices = {"PJSIP/101": "INUSE", "PJSIP/102": "NOT_INUSE", "Custom:night": "BUSY"}
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.start()

    def run(self):
        while True:
            peer, _ = self.socket.accept()
            self.sessions += 1
            Session(self, peer).start()


words = sys.argv[1:]
manager = Manager({word[1:] for word in words if word.startswith("+")})
command = [word for word in words if not word.startswith("+")] if words[0].startswith("+") else words
sys.exit(subprocess.run(command, env=dict(os.environ, PBXCTL_AMI_PORT=str(manager.socket.getsockname()[1])), check=False).returncode)
