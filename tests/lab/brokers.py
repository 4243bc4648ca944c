"""MQTT brokers of Debian's packages: one mosquitto, or a cluster of three nats-servers."""

import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import ports

LIMIT = 30  # seconds until a broker takes clients
POLL = 0.05
STOP_LIMIT = 5

MOSQUITTO = """listener {port} 127.0.0.1
allow_anonymous true
persistence false
"""
NATS = """server_name: n{number}
listen: 127.0.0.1:{clients}
jetstream {{ store_dir: "{folder}/n{number}", max_memory_store: 64MB, max_file_store: 256MB }}
mqtt {{ listen: "127.0.0.1:{port}", stream_replicas: 3, consumer_replicas: 3 }}
cluster {{ name: lamps, listen: "127.0.0.1:{route}", routes: [{routes}] }}
"""


class BrokerError(Exception):
    pass


class Broker:
    """`url` is what --via takes. Nodes can be killed, stopped (SIGSTOP), continued, and started again."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory(prefix="pbxctl-mqtt-")
        self.folder = pathlib.Path(self.home.name)
        self.processes, self.programs, self.ports = [], [], []
        self.lay()
        self.url = "mqtt://" + ",".join(f"127.0.0.1:{port}" for port in self.ports)

    def __enter__(self):
        try:
            for number in range(len(self.programs)):
                self.start(number)
            for number in range(len(self.programs)):
                self.wait_up(number)
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        for number in range(len(self.processes)):
            self.kill(number)
        self.home.cleanup()

    def start(self, number=0):
        with open(self.folder / f"log{number}", "ab") as log:
            process = subprocess.Popen(self.programs[number], stdout=log, stderr=log)
        if number < len(self.processes):
            self.processes[number] = process
        else:
            self.processes.append(process)

    def kill(self, number=0):
        process = self.processes[number]
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        process.wait(STOP_LIMIT)

    def stop(self, number=0):
        self.processes[number].send_signal(signal.SIGSTOP)

    def carry_on(self, number=0):
        self.processes[number].send_signal(signal.SIGCONT)

    def log(self, number=0):
        return (self.folder / f"log{number}").read_text(errors="replace")

    def wait_up(self, number=0):
        """Until it answers CONNECT: a cluster does when it has a leader."""
        end = time.monotonic() + LIMIT
        while not takes_clients(self.ports[number]):
            if self.processes[number].poll() is not None or time.monotonic() > end:
                raise BrokerError(f"{type(self).__name__} {number}: {self.log(number)[-2000:]}")
            time.sleep(POLL)


def takes_clients(port):
    """An MQTT 3.1.1 CONNECT with a clean session, and CONNACK 0."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as client:
            client.sendall(b"\x10\x10\0\x04MQTT\x04\x02\0\x05\0\x04look")
            return client.recv(4) == b"\x20\x02\0\0"
    except OSError:
        return False


class Mosquitto(Broker):
    def lay(self):
        self.ports = ports.free_ports(1)
        config = self.folder / "mosquitto.conf"
        config.write_text(MOSQUITTO.format(port=self.ports[0]))
        program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin")
        if not program:
            raise BrokerError("mosquitto is missing; scripts/install-deps lab installs it")
        self.programs = [[program, "-c", config]]


class NatsCluster(Broker):
    """2.9 speaks MQTT 3.1.1 alone (it ends a connection of version 5), and a dot in a topic ends the connection too."""

    def lay(self):
        found = ports.free_ports(9)
        self.ports, routes, clients = found[:3], found[3:6], found[6:]
        if not shutil.which("nats-server"):
            raise BrokerError("nats-server is missing; scripts/install-deps lab installs it")
        for number in range(3):
            config = self.folder / f"n{number}.conf"
            config.write_text(NATS.format(number=number, folder=self.folder, port=self.ports[number], route=routes[number],
                                          clients=clients[number],
                                          routes=", ".join(f'"nats://127.0.0.1:{route}"' for route in routes)))
            self.programs.append(["nats-server", "-c", config])
