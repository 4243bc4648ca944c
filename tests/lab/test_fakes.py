"""The fakes that devstate's tests stand on: fake Asterisks, a network that fails, brokers that are killed."""

import hashlib
import socket
import threading
import time
import unittest

import ami
import brokers
import fake_ami
import proxy

LIMIT = 5


class Asterisk(unittest.TestCase):
    def setUp(self):
        self.world = self.enterContext(fake_ami.World())
        self.fake = self.world.asterisk("a.example.com")

    def test_setvar(self):
        """the fake Asterisk counts writes, echoes what they change, and refuses what Asterisk refuses"""
        with ami.Ami(self.fake) as manager:
            for state in "INUSE", "INUSE", "RINGING":
                manager.act("Setvar", Variable="DEVICE_STATE(Custom:1*b)", Value=state)
            for variable, value in ("DEVICE_STATE(Custom:1*b)", "UNKNOWN"), ("DEVICE_STATE(PJSIP/1)", "INUSE"), ("SHELL(x)", "1"):
                self.assertEqual(manager.act("Setvar", may_fail=True, Variable=variable, Value=value)["Message"], "Variable not set")
            self.fake.set("Custom:2", "BUSY")
            self.assertIsNotNone(manager.wait(lambda event: event.get("Device") == "Custom:2", LIMIT))
            changes = [(event["Device"], event["State"]) for event in manager.events if event["Event"] == "DeviceStateChange"]
        self.assertEqual(changes, [("Custom:1*b", "INUSE"), ("Custom:1*b", "RINGING"), ("Custom:2", "BUSY")])
        self.assertEqual((self.fake.count(), self.fake.echoes, self.fake.refused), (3, 1, 3))

    def test_list(self):
        """the fake Asterisk lists ten thousand devices"""
        self.fake.silently((f"Custom:{number}", "INUSE") for number in range(10_000))
        with ami.Ami(self.fake) as manager:
            manager.act("DeviceStateList")
            end = manager.wait(lambda event: event["Event"] == "DeviceStateListComplete", LIMIT)
            self.assertEqual(end["ListItems"], "10000")
            self.assertEqual(len({event["Device"] for event in manager.events if "Device" in event}), 10_000)

    def test_login(self):
        """the fake Asterisk logs in by a challenge and nobody without the secret"""
        with socket.create_connection(("127.0.0.1", self.fake.port("AMI")), LIMIT) as plain, plain.makefile("rwb") as lines:
            lines.readline()

            def say(text):
                lines.write(text.replace("\n", "\r\n").encode())
                lines.flush()
                return dict(line.split(": ", 1) for line in iter(lambda: lines.readline().decode().strip(), ""))

            challenge = say("Action: Challenge\nAuthType: MD5\n\n")["Challenge"]
            for secret, answer in ("wrong", "Error"), (fake_ami.SECRET, "Success"):
                key = hashlib.md5((challenge + secret).encode()).hexdigest()
                self.assertEqual(say(f"Action: Login\nAuthType: MD5\nUsername: {fake_ami.USER}\nKey: {key}\n\n")["Response"], answer)

    def test_cut(self):
        """the fake Asterisk is cut off, refuses, and takes again"""
        with ami.Ami(self.fake) as manager:
            self.fake.cut()
            self.assertIsNone(manager.wait(lambda event: False, LIMIT))
            self.assertIsNotNone(manager.closed)
        with self.assertRaises((ami.AmiError, OSError)):
            ami.Ami(self.fake)
        self.fake.reopen()
        with ami.Ami(self.fake) as manager:
            self.assertEqual(manager.act("Ping")["Ping"], "Pong")


class Network(unittest.TestCase):
    def setUp(self):
        """An echo server behind the proxy."""
        self.server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.server.close)
        threading.Thread(target=self._echo, daemon=True).start()
        self.proxy = self.enterContext(proxy.Proxy(self.server.getsockname()[1]))

    def _echo(self):
        while True:
            try:
                connection = self.server.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._echo_one, args=[connection], daemon=True).start()

    def _echo_one(self, connection):
        with connection:
            try:
                while data := connection.recv(65536):
                    connection.sendall(data)
            except OSError:
                pass

    def connect(self):
        return self.enterContext(socket.create_connection(("127.0.0.1", self.proxy.port), LIMIT))

    def test_carry(self):
        """the proxy carries a megabyte unchanged"""
        text, client, got = bytes(range(256)) * 4096, self.connect(), b""
        threading.Thread(target=client.sendall, args=[text], daemon=True).start()
        while len(got) < len(text):
            got += client.recv(65536)
        self.assertEqual(got, text)

    def test_silence(self):
        """a silenced connection stays, carries nothing, and carries all when it is mended"""
        client = self.connect()
        client.sendall(b"one")
        self.assertEqual(client.recv(10), b"one")
        self.proxy.silence()
        client.sendall(b"two")
        client.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            client.recv(10)
        client.settimeout(LIMIT)
        self.proxy.mend()
        self.assertEqual(client.recv(10), b"two")

    def test_cut(self):
        """a cut connection is reset, and a new one is taken when it is mended"""
        client = self.connect()
        client.sendall(b"one")
        self.assertEqual(client.recv(10), b"one")
        self.proxy.cut()
        with self.assertRaises(ConnectionResetError):
            client.recv(10)
        with self.connect() as refused:
            refused.settimeout(LIMIT)
            self.assertIn(self._end(refused), (b"", None))
        self.proxy.mend()
        client = self.connect()
        client.sendall(b"three")
        self.assertEqual(client.recv(10), b"three")

    def _end(self, connection):
        try:
            return connection.recv(10)
        except ConnectionResetError:
            return None


class Mqtt(unittest.TestCase):
    def test_mosquitto(self):
        """a mosquitto that was killed is back on its port"""
        with brokers.Mosquitto() as broker:
            self.walk(broker)

    def test_nats(self):
        """a cluster of three nats-servers keeps serving when one is killed, and takes it back"""
        with brokers.NatsCluster() as broker:
            broker.kill(0)
            end = time.monotonic() + brokers.LIMIT
            while not brokers.takes_clients(broker.ports[1]) and time.monotonic() < end:
                time.sleep(brokers.POLL)
            self.assertTrue(brokers.takes_clients(broker.ports[1]))
            broker.start(0)
            broker.wait_up(0)
            self.walk(broker)

    def walk(self, broker):
        broker.kill(0)
        self.assertFalse(brokers.takes_clients(broker.ports[0]))
        broker.start(0)
        broker.wait_up(0)
        broker.stop(0)
        self.assertFalse(brokers.takes_clients(broker.ports[0]))
        broker.carry_on(0)
        broker.wait_up(0)
