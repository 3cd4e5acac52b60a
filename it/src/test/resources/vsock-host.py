"""Plays the host to an agent that connects by vsock: two sessions, each a hello and a command with much output.

Prints for each the agent's version, the number of bytes that the command wrote, and its exit status.
"""

import os
import socket
import struct

HELLO, OPEN, DATA, CREDIT, EXIT = 1, 16, 20, 23, 26
EXEC = 1
HEADER = struct.Struct(">IIB")


def exactly(stream, count):
    parts = b""
    while len(parts) < count:
        part = stream.recv(count - len(parts))
        if not part:
            raise SystemExit("the agent hung up")
        parts += part
    return parts


def send(stream, channel, kind, payload):
    stream.sendall(HEADER.pack(len(payload), channel, kind) + payload)


def receive(stream):
    length, channel, kind = HEADER.unpack(exactly(stream, HEADER.size))
    return channel, kind, exactly(stream, length)


def text(value):
    return struct.pack(">I", len(value)) + value


def texts(*values):
    return struct.pack(">I", len(values)) + b"".join(text(value) for value in values)


def greet(stream):
    start = b"banger-stream-v1" + os.urandom(16)
    send(stream, 0, HELLO, start + struct.pack(">H", 1) + texts())
    channel, kind, payload = receive(stream)
    if (channel, kind, payload[:32]) != (0, HELLO, start):
        raise SystemExit(f"no answer to hello but frame {kind} on channel {channel}")
    at = 34
    (count,) = struct.unpack_from(">I", payload, at)
    at += 4
    for _ in range(count):
        at += 4 + struct.unpack_from(">I", payload, at)[0]
    (length,) = struct.unpack_from(">I", payload, at)
    return payload[at + 4 : at + 4 + length].decode()


def run(stream, *argv):
    send(stream, 1, OPEN, bytes([EXEC]) + texts(*argv) + texts() + text(b"") + text(b"") + struct.pack(">BHH", 0, 0, 0))
    received = 0
    while True:
        channel, kind, payload = receive(stream)
        if channel == 1 and kind == DATA:
            received += len(payload)
            send(stream, 1, CREDIT, struct.pack(">I", len(payload)))
        if channel == 1 and kind == EXIT:
            return received, payload


listener = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
listener.bind((socket.VMADDR_CID_ANY, 1024))
listener.listen()
listener.settimeout(60)
for _ in range(2):
    connection, _ = listener.accept()
    version = greet(connection)
    count, status = run(connection, b"/bin/sh", b"-c", b"head -c 1000000 /dev/zero; exit 7")
    print(version, count, *status, flush=True)
    connection.close()
