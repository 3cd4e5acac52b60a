"""The least that a host must say to an agent: what stands in for the daemon where a floor is measured."""

import os
import socket
import struct

from frames import (
    CREDIT, DATA, EOF, EXIT, HELLO, MAX_PAYLOAD_BYTES, OPEN, REFUSED, REPLY, WINDOW_BYTES,
    FrameStream, StreamBroken, text, texts,
)

MAGIC = b"banger-stream-v1"
EXEC, WRITE, BOOT = 1, 10, 11


class BareSession:
    """A session with the agent of a bare guest."""

    def __init__(self, connection: socket.socket):
        self._stream = FrameStream(connection)
        self._channel = 0

    def hello(self) -> None:
        """Says hello and waits for the agent's first word."""
        nonce = os.urandom(16)
        self._stream.send(0, HELLO, MAGIC + nonce + struct.pack(">H", 1) + texts([]))
        _, kind, payload = self._stream.next()
        if kind != HELLO or payload[:32] != MAGIC + nonce:
            raise StreamBroken("the agent's first word was no answer to hello")

    def boot(self) -> None:
        """Lets the image's init start."""
        self.end(self._open(BOOT, b""))

    def write(self, path: str, mode: int, content: bytes) -> None:
        channel = self._open(WRITE, text(path) + struct.pack(">I", mode) + text(""))
        credit, at = WINDOW_BYTES, 0
        while at < len(content):
            if credit == 0:
                credit = struct.unpack(">I", self._await(channel, CREDIT))[0]
            count = min(credit, MAX_PAYLOAD_BYTES, len(content) - at)
            self._stream.send(channel, DATA, content[at : at + count])
            credit, at = credit - count, at + count
        self._stream.send(channel, EOF)
        self.end(channel)

    def run(self, *argv: str) -> None:
        """Runs a command to its end, whatever its status."""
        self.end(self.start(*argv))

    def output_of(self, *argv: str) -> bytes:
        """Runs a command and returns the first that it prints."""
        return self._await(self.start(*argv), DATA)

    def start(self, *argv: str) -> int:
        return self._open(EXEC, texts(list(argv)) + texts([]) + text("") + text("") + struct.pack(">BHH", 0, 0, 0))

    def _open(self, kind: int, request: bytes) -> int:
        self._channel += 1
        self._stream.send(self._channel, OPEN, bytes([kind]) + request)
        return self._channel

    def end(self, channel: int) -> bytes:
        """Waits for the channel's end and returns what it says: of a command, its status."""
        return self._await(channel, REPLY, EXIT)

    def _await(self, wanted: int, *kinds: int) -> bytes:
        while True:
            channel, kind, payload = self._stream.next()
            if channel == wanted and kind == REFUSED:
                raise StreamBroken(f"the agent refused: {payload[6:].decode(errors='replace')}")
            if channel == wanted and kind in kinds:
                return payload
