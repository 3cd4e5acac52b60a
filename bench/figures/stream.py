"""256 MB through `exec cat`, against the bare port's speed."""

import socket
import struct
import threading
import time

import process
from frames import CREDIT, DATA, EOF, EXIT, MAX_PAYLOAD_BYTES, WINDOW_BYTES, FrameStream, StreamBroken
from measure import Row, Target, interleaved
from stage import Stage

BYTES = 256_000_000
CHUNK = bytes(range(256)) * (MAX_PAYLOAD_BYTES // 256)
MAX_DAEMON_MIB = Target(256, of_ratio=False)


def rows(stage: Stage) -> list[Row]:
    name = stage.vm["name"]
    port = stage.bare_guest.floor(stage.port_floor, "cat")
    with port:
        samples, floor = interleaved(stage.effort.stream, lambda: _through_exec(stage, name), lambda: _over_port(port))
    with stage.home.client() as client:
        client.call("daemon.status")
        peak = process.resident_bytes(client.daemon_pid, "VmHWM") / 2**20
    return [
        Row("256 MB through exec cat", "MB/s", samples, floor, "bare port", Target(0.5, at_least=True)),
        Row("the daemon's peak memory then", "MiB", [peak], target=MAX_DAEMON_MIB),
    ]


def _through_exec(stage: Stage, name: str) -> float:
    with stage.home.client() as client:
        stream = client.exec(name, "cat", stdin=True)
        credit = _Credit()
        begin = time.perf_counter()
        sender = threading.Thread(target=_send_frames, args=(stream, credit), daemon=True)
        sender.start()
        _receive_frames(stream, credit)
        elapsed = time.perf_counter() - begin
        sender.join()
        return BYTES / elapsed / 1e6


def _send_frames(stream: FrameStream, credit: "_Credit") -> None:
    sent = 0
    while sent < BYTES:
        count = credit.take(min(len(CHUNK), BYTES - sent))
        stream.send(1, DATA, CHUNK[:count])
        sent += count
    stream.send(1, EOF)


def _receive_frames(stream: FrameStream, credit: "_Credit") -> None:
    received = 0
    granted = 0
    while True:
        _, kind, payload = stream.next()
        if kind == DATA:
            received += len(payload)
            if received - granted >= WINDOW_BYTES // 2:
                stream.send(1, CREDIT, struct.pack(">I", received - granted))
                granted = received
        elif kind == CREDIT:
            credit.give(struct.unpack(">I", payload)[0])
        elif kind == EXIT:
            if received != BYTES:
                raise StreamBroken(f"cat gave back {received} of {BYTES} bytes")
            return


def _over_port(port: socket.socket) -> float:
    begin = time.perf_counter()
    sender = threading.Thread(target=_send_bytes, args=(port,), daemon=True)
    sender.start()
    received = 0
    buffer = bytearray(1 << 18)
    while received < BYTES:
        count = port.recv_into(buffer)
        if count == 0:
            raise ConnectionError("port_floor has ended")
        received += count
    elapsed = time.perf_counter() - begin
    sender.join()
    return BYTES / elapsed / 1e6


def _send_bytes(port: socket.socket) -> None:
    for at in range(0, BYTES, len(CHUNK)):
        port.sendall(CHUNK[: BYTES - at])


class _Credit:
    """What the guest lets us send."""

    def __init__(self):
        self._left = WINDOW_BYTES
        self._changed = threading.Condition()

    def give(self, more: int) -> None:
        with self._changed:
            self._left += more
            self._changed.notify()

    def take(self, most: int) -> int:
        with self._changed:
            if not self._changed.wait_for(lambda: self._left > 0, timeout=60):
                raise StreamBroken("the guest gave no credit for 60 s")
            count = min(most, self._left)
            self._left -= count
            return count
