"""Frames of the guest protocol (docs/guest-protocol.md), as the benchmark's ends speak them."""

import socket
import struct
import threading

HELLO, ERROR, OPEN, OPENED, REFUSED, REPLY, DATA, DATA_ERR, EOF, CREDIT, EXIT = 1, 2, 16, 17, 18, 19, 20, 21, 22, 23, 26
MAX_PAYLOAD_BYTES = 65_536
WINDOW_BYTES = 262_144
_HEADER = struct.Struct(">IIB")
_READ_BYTES = 1 << 18


class StreamBroken(Exception):
    """The other end closed the stream, or said why it ends the session."""


class FrameStream:
    """Frames on a connected socket; one thread may read, and any number may send."""

    def __init__(self, connection: socket.socket, already_read: bytes = b""):
        self._socket = connection
        self._sending = threading.Lock()
        self._bytes = bytearray(already_read)
        self._at = 0

    def send(self, channel: int, kind: int, payload: bytes = b"") -> None:
        frame = _HEADER.pack(len(payload), channel, kind) + payload
        with self._sending:
            self._socket.sendall(frame)

    def next(self) -> tuple[int, int, bytes]:
        """The next frame's channel, type and payload."""
        self._fill(_HEADER.size)
        length, channel, kind = _HEADER.unpack_from(self._bytes, self._at)
        self._fill(_HEADER.size + length)
        begin = self._at + _HEADER.size
        payload = bytes(memoryview(self._bytes)[begin : begin + length])
        self._at = begin + length
        if kind == ERROR:
            raise StreamBroken(payload[6:].decode(errors="replace"))
        return channel, kind, payload

    def _fill(self, count: int) -> None:
        while len(self._bytes) - self._at < count:
            del self._bytes[: self._at]
            self._at = 0
            more = self._socket.recv(_READ_BYTES)
            if not more:
                raise StreamBroken("the stream ended")
            self._bytes += more


def text(value: str | bytes) -> bytes:
    """A `str` field."""
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack(">I", len(raw)) + raw


def texts(values: list[str]) -> bytes:
    """A `list<str>` field."""
    return struct.pack(">I", len(values)) + b"".join(text(value) for value in values)
