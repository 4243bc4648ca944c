"""devstate list, get, set and watch on a real Asterisk, as its relay's user: read = call, write = call,reporting."""

import contextlib
import json
import pathlib
import queue
import subprocess
import tempfile
import threading
import unittest

import ami
import lab
import robot

LIMIT = 20  # seconds for a line of watch, the restart of a busy Asterisk included
STATES = ["NOT_INUSE", "INUSE", "BUSY", "INVALID", "UNAVAILABLE", "RINGING", "RINGINUSE", "ONHOLD"]
CONFIG = "[ami]\nport = {port}\nuser = relay\n{how}\n"


class Program:
    """pbxctl with [ami] for one instance."""

    def __init__(self, instance, folder, how=None):
        secret = pathlib.Path(folder) / "ami.secret"
        secret.write_text(instance.ports["RELAY_SECRET"] + "\n")
        secret.chmod(0o600)
        self.config = pathlib.Path(folder) / "pbxctl.conf"
        self.config.write_text(CONFIG.format(port=instance.port("AMI"), how=how or f"secret_file = {secret}"))

    def words(self, *words):
        return [robot.PBXCTL, "--config", self.config, *words]

    def run(self, *words):
        return subprocess.run(self.words(*words), capture_output=True, text=True, timeout=lab.ASK_LIMIT, check=False)

    def say(self, *words):
        done = self.run("devstate", *words)
        if done.returncode != 0:
            raise AssertionError(f"{words}: exit {done.returncode}: {done.stderr}")
        return done.stdout


class Watch:
    """devstate watch --json; each line is taken once."""

    def __init__(self, program, *words):
        self.process = subprocess.Popen(program.words("-q", "devstate", "watch", "--json", *words), stdout=subprocess.PIPE, text=True)
        self.lines = queue.Queue()

    def __enter__(self):
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def until(self, **wanted):
        """All lines up to the one that has these values."""
        lines = []
        while not lines or any(lines[-1].get(key) != value for key, value in wanted.items()):
            lines.append(self.lines.get(timeout=LIMIT))
        return lines


@contextlib.contextmanager
def program_for(instance, how=None):
    with tempfile.TemporaryDirectory() as folder:
        yield Program(instance, folder, how)


class OnBoth:
    def setUp(self):
        self.instance = lab.shared(self.version)

    def test_set(self):
        """devstate set and get: each state, as Asterisk itself then tells it"""
        with program_for(self.instance) as program, ami.Ami(self.instance) as manager:
            for state in STATES:
                program.say("set", "Custom:cli-set", state.lower())
                told = manager.act("Getvar", Variable="DEVICE_STATE(Custom:cli-set)")["Value"]
                self.assertEqual((told, program.say("get", "Custom:cli-set", "--print", "state", "-n")), (state, state))

    def test_odd_names(self):
        """devstate set: names with ), *, blanks, commas and letters of other scripts come out as they went in"""
        names = ["x)y", "101*b.example.com", "a b", "a,b", "ёлка", "$" + "{EXTEN}", "a;b", "%41", "x" * 72]
        with program_for(self.instance) as program:
            for name in names:
                program.say("set", f"Custom:{name}", "ONHOLD")
            listed = {entry["name"]: entry["state"] for entry in json.loads(program.say("list", "--kind", "device", "--json"))}
        self.assertEqual({name: listed.get(f"Custom:{name}") for name in names}, dict.fromkeys(names, "ONHOLD"))

    def test_presence(self):
        """devstate set and get: a presence with subtype and message"""
        with program_for(self.instance) as program:
            program.say("set", "CustomPresence:cli", "dnd,office,back, at 2")
            told = json.loads(program.say("get", "CustomPresence:cli", "--json"))
            listed = json.loads(program.say("list", "--kind", "presence", "--json", "CustomPresence:cli"))
        self.assertEqual((told["state"], told["subtype"], told["message"]), ("dnd", "office", "back, at 2"))
        self.assertEqual([(entry["state"], entry["message"]) for entry in listed], [("dnd", "back, at 2")])

    def test_extension(self):
        """devstate get: an extension by its hint, a pattern's too"""
        with program_for(self.instance) as program:
            program.say("set", "Custom:1977", "RINGING")
            told = json.loads(program.say("get", "1977@lamps", "--json"))
            self.assertEqual((told["state"], told["hint"]), ("RINGING", "Custom:1977"))
            self.assertIn("extension\t1977@lamps\tRINGING\n", program.say("list", "1977@*"))

    def test_no(self):
        """devstate get: what Asterisk does not know is exit 1, on no stdout"""
        with program_for(self.instance) as program:
            for device in "PJSIP/nobody", "Custom:nobody", "nobody@lamps", "CustomPresence:nobody":
                done = program.run("devstate", "get", device)
                self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)

    def test_login(self):
        """a wrong secret is exit 77 with what to look at; manager.conf's own secret does"""
        with program_for(self.instance) as program, tempfile.NamedTemporaryFile("w", suffix=".secret") as wrong:
            wrong.write("wrong\n")
            wrong.flush()
            with program_for(self.instance, f"secret_file = {wrong.name}") as other:
                refused = other.run("devstate", "list")
            self.assertEqual(refused.returncode, 77)
            self.assertIn("login refused: Authentication failed; check [ami] user and secret_file", refused.stderr)
            with program_for(self.instance, f"manager_conf = {self.instance.folder / 'etc/manager.conf'}") as own:
                own.say("set", "Custom:cli-own", "BUSY")
            self.assertEqual(program.say("get", "Custom:cli-own", "--print", "state"), "BUSY\n")

    def test_doctor(self):
        """doctor: the login, the version, the rights; nothing is missing"""
        with program_for(self.instance) as program:
            done = program.run("doctor", "--json")
        lines = [finding for finding in json.loads(done.stdout) if finding["subject"].startswith("[ami]")]
        self.assertEqual({finding["result"].upper() for finding in lines}, {"PASS"}, lines)
        self.assertTrue(any(f"Asterisk {self.version}." in finding["what"] for finding in lines), lines)

    def test_watch(self):
        """devstate watch: each change of a device and of the hint that names it"""
        with program_for(self.instance) as program:
            program.say("set", "Custom:1978", "NOT_INUSE")
            program.say("get", "1978@lamps")  # makes the pattern's hint
            with Watch(program, "*1978*") as watch:
                watch.until(type="state", name="Custom:1978")
                for state in "RINGING", "INUSE", "NOT_INUSE":
                    program.say("set", "Custom:1978", state)
                    watch.until(type="change", name="1978@lamps", state=state)

    def test_restart(self):
        """devstate watch: survives Asterisk's restart, tells the gap and what has changed meanwhile"""
        name = lab.VERSIONS[self.version]
        with lab.Private(name) as instances, program_for(instances[name]) as program:
            instance = instances[name]
            program.say("set", "Custom:kept", "BUSY")
            with Watch(program, "*:*") as watch:
                watch.until(type="state", name="Custom:kept", state="BUSY")
                instance.kill()
                self.assertNotIn("change", [line["type"] for line in watch.until(type="down")])
                instance.start_again()
                self.assertGreater(watch.until(type="up")[-1]["gap_ms"], 0)
                program.say("set", "Custom:fresh", "INUSE")
                lines = watch.until(type="change", name="Custom:fresh", state="INUSE")
                self.assertNotIn("Custom:kept", [line["name"] for line in lines if line["state"] not in (None, "BUSY")])


class Tls:
    def test_tls(self):
        """devstate by TLS: Asterisk's certificate must be of a CA that is trusted, and for its host"""
        name = lab.VERSIONS[self.version]
        with lab.Private(name) as instances, tempfile.TemporaryDirectory() as folder:
            instance = instances[name]
            certificate = self.serve_tls(instance, pathlib.Path(folder))
            with program_for(instance) as program:
                plain = program.config.read_text().replace(f"port = {instance.port('AMI')}", f"port = {self.tls_port(instance)}\ntls = yes")
                program.config.write_text(plain)
                self.assertIn("nobody we trust signed", program.run("devstate", "list").stderr)
                program.config.write_text(f"{plain}ca_file = {certificate}\n")
                program.say("set", "Custom:tls", "ONHOLD")
                self.assertEqual(program.say("get", "Custom:tls", "--print", "state"), "ONHOLD\n")
                program.config.write_text(f"{plain}ca_file = {certificate}\nhost = localhost\n")
                self.assertIn("for another name", program.run("devstate", "list").stderr)

    def tls_port(self, instance):
        return instance.port("AMI") + 9  # of its own block, and of nobody else

    def serve_tls(self, instance, folder):
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=pbx", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=lab.ASK_LIMIT)
        (folder / "both.pem").write_text(key.read_text() + certificate.read_text())
        conf = instance.folder / "etc/manager.conf"
        lines = f"enabled = yes\ntlsenable = yes\ntlsbindaddr = 127.0.0.1:{self.tls_port(instance)}\ntlscertfile = {folder / 'both.pem'}\n"
        conf.write_text(conf.read_text().replace("enabled = yes\n", lines, 1))
        instance.ask("manager reload")
        return certificate


class On22(OnBoth, Tls, unittest.TestCase):
    version = "22"


class On16(OnBoth, Tls, unittest.TestCase):
    version = "16"


if __name__ == "__main__":
    unittest.main()
