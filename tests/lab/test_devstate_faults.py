"""Random faults of relays, links, brokers and Asterisks: no lamp is wrong 5 s after the dead-peer time.

Twenty faults here; PBXCTL_FAULTS=200, or `python3 tests/lab/test_devstate_faults.py 200`, does as many as it says.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import sys
import tempfile
import unittest

import brokers
import fake_ami
import faults
import lab

FAULTS = int(os.environ.get("PBXCTL_FAULTS", "20"))
AT_ONCE = 3  # networks side by side


def network(kind, around, folder, seed):
    """Three servers in a triangle, three on a broker, or two real Asterisks."""
    if kind == "real":
        instances = around.enter_context(lab.Private("a", "b"))
        servers = [faults.RealServer(f"{name}.example.com", instance) for name, instance in instances.items()]
        return faults.Network(servers, folder, [(1, 0)], seed=seed)
    world = around.enter_context(fake_ami.World())
    servers = [faults.FakeServer(f"s{number}.example.com", world) for number in range(3)]
    if kind == "broker":
        return faults.Network(servers, folder, broker=around.enter_context(brokers.Mosquitto()), seed=seed)
    return faults.Network(servers, folder, [(1, 0), (2, 0), (2, 1)], seed=seed)


def run(kind, count, seed):
    """What was wrong, in words; the counts of faults and the longest time until all was right are printed."""
    with contextlib.ExitStack() as around:
        folder = pathlib.Path(around.enter_context(tempfile.TemporaryDirectory(prefix="pbxctl-faults-")))
        net = around.enter_context(network(kind, around, folder, seed))
        wrong = [f"at the start: {row}" for row in net.wait_right(20)]
        for _ in range(count):
            wrong += net.fault()
            if wrong:
                wrong += [f"{relay.server}: {relay.log()[-1500:]}" for relay in net.relays]
                break
        done = ", ".join(f"{what} {how} {count}" for (what, how), count in sorted(net.counts.items()))
        print(f"{kind} {seed}: {sum(net.counts.values())} faults ({done}); all right {net.worst:.1f} s after each at most", flush=True)
        return wrong


class Faults(unittest.TestCase):
    def test_links(self):
        """random faults of relays, links and Asterisks: no lamp is wrong 5 s after the dead-peer time"""
        self.assertEqual(run("links", FAULTS, 4), [])

    def test_broker(self):
        """random faults of relays, their broker and Asterisks: no lamp is wrong 5 s after the dead-peer time"""
        self.assertEqual(run("broker", FAULTS // 2, 5), [])

    def test_real(self):
        """random faults with real Asterisks: no lamp is wrong 5 s after the dead-peer time"""
        self.assertEqual(run("real", FAULTS // 2, 6), [])


def main(count):
    """`count` faults in all: 60 % over links, 20 % over a broker, 20 % with real Asterisks, some networks side by side."""
    parts = [("links", count * 3 // 10), ("links", count * 3 // 10), ("broker", count // 5), ("real", count // 5)]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = sum(pool.map(lambda part: run(*part[1], part[0]), enumerate(parts)), [])
    print("\n".join(wrong) or "0 lamps wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else FAULTS))
