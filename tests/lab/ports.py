"""Ports for programs that are told theirs, and so can't take port 0.

A port found free by binding port 0 may be any outgoing connection's a moment later. 30000-32767 lies below what the kernel deals
out by itself and above the lab's blocks; a port is ours by a lock on its file for as long as this process lives.
"""

import errno
import fcntl
import pathlib
import random
import socket

LOCKS = pathlib.Path("/tmp/pbxctl-lab-ports")
FIRST, LAST = 30_000, 32_767
held = []  # open lock files


class PortError(Exception):
    pass


def free_ports(count):
    """So many, free for TCP and UDP on 127.0.0.1, that no other test is given."""
    LOCKS.mkdir(exist_ok=True)
    found = []
    for port in random.sample(range(FIRST, LAST + 1), LAST + 1 - FIRST):
        if len(found) == count:
            break
        if take(port):
            found.append(port)
    if len(found) < count:
        raise PortError(f"no {count} free ports in {FIRST}-{LAST}")
    return found


def free_port():
    return free_ports(1)[0]


def take(port):
    lock = open(LOCKS / str(port), "a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
            with socket.socket(socket.AF_INET, kind) as trial:
                trial.bind(("127.0.0.1", port))
    except OSError as error:
        lock.close()
        if error.errno not in (errno.EWOULDBLOCK, errno.EADDRINUSE):
            raise
        return False
    held.append(lock)
    return True
