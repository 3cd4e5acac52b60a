"""Runs in a guest: prints, one a line with its name, what no two VMs may have in common."""

import ctypes
import fcntl
import hashlib
import os
import secrets
import shutil
import socket
import struct
import subprocess
import time
import uuid

AT_RANDOM = 25
SSHD_BOUND_S = "60"
SIOCGIFADDR = 0x8915
BEHIND_NAT = "10.0.2.15"
TCP_PORTS = (4001, 4002, 4003, 4004)


def main() -> None:
    show("/dev/urandom", open("/dev/urandom", "rb").read(16))
    show("/dev/random", open("/dev/random", "rb").read(16))
    show("getrandom", os.getrandom(16))
    if os.path.exists("/dev/hwrng"):
        show("/dev/hwrng", of_the_device())
    show("kernel uuid", text("/proc/sys/kernel/random/uuid"))
    show("a process's own bytes", of_this_process())
    show("python secrets", secrets.token_hex(16))
    show("python uuid4", uuid.uuid4())
    show("tcp sequence numbers", sequence_numbers())
    run("uuidgen", "uuidgen")
    run("openssl", "openssl", "rand", "-hex", "16")
    run("node", "node", "-p", "crypto.randomBytes(16).toString('hex') + crypto.randomUUID()")
    show("machine id", text("/etc/machine-id"))
    show("boot id", text("/proc/sys/kernel/random/boot_id"))
    show("mac address", text("/sys/class/net/eth0/address"))
    if address() != BEHIND_NAT:
        show("ip address", address())
    show("hostname", socket.gethostname())
    show("ssh host key", hashlib.sha256(text("/etc/ssh/ssh_host_ed25519_key").encode()).hexdigest())
    if shutil.which("ssh-keyscan"):
        show("ssh host key that sshd shows", shown_by_sshd())


def show(name: str, value: object) -> None:
    print(f"{name}: {value.hex() if isinstance(value, bytes) else value}", flush=True)


def text(path: str) -> str:
    with open(path) as file:
        return file.read().strip()


def run(name: str, *argv: str) -> None:
    if shutil.which(argv[0]):
        show(name, subprocess.check_output(argv, text=True).strip())


def of_the_device() -> bytes:
    """What the host's device gives, which is not the guest kernel's own."""
    device = os.open("/dev/hwrng", os.O_RDONLY)
    got = b""
    while len(got) < 16:
        got += os.read(device, 16 - len(got))
    return got


def address() -> str:
    """On the bridge each VM has its own; behind a NAT of its own each has the same."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, SIOCGIFADDR, struct.pack("256s", b"eth0"))
    return socket.inet_ntoa(answer[20:24])


def of_this_process() -> bytes:
    """The 16 bytes that the kernel gave to this process, of which canaries are made."""
    getauxval = ctypes.CDLL(None).getauxval
    getauxval.restype = ctypes.c_ulong
    return ctypes.string_at(getauxval(AT_RANDOM), 16)


def sequence_numbers() -> str:
    """
    The part of them that comes of the kernel's key and the connection's ends: the clock of 64 ns, which is the other
    part, is taken away, and what taking its time is off by as well.
    """
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
    wire.bind(("lo", 0))
    parts = []
    for port in TCP_PORTS:
        with socket.create_server(("127.0.0.1", port)):
            ends = ("127.0.0.1", port), ("127.0.0.1", port + 1000)
            socket.create_connection(ends[0], source_address=ends[1]).close()
        clock = time.time_ns() >> 6
        segment = b""
        while not segment or struct.unpack(">H", segment[2:4])[0] != port or segment[13] != 2:
            segment = wire.recv(200)[34:]
        number = struct.unpack(">I", segment[4:8])[0]
        parts.append(f"{(number - clock) % 2**32 >> 24:02x}")
    return " ".join(parts)


def shown_by_sshd() -> str:
    line = subprocess.check_output(
        ["ssh-keyscan", "-T", SSHD_BOUND_S, "-t", "ed25519", "127.0.0.1"], text=True, stderr=subprocess.DEVNULL
    )
    return line.split()[-1]


main()
