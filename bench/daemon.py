"""A client of the daemon's socket (docs/rpc.md)."""

import json
import socket
from pathlib import Path

from frames import DATA, DATA_ERR, EXIT, FrameStream, StreamBroken

PROTOCOL = 1
ANSWER_BOUND_S = 300


class RpcFailure(Exception):
    """The daemon answered a call with an error."""


class Client:
    """One connection to the daemon; its hello is sent together with the first call."""

    def __init__(self, path: Path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(ANSWER_BOUND_S)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._received = b""
        self._last_id = 1
        self._unsent = _request(1, "hello", {"protocol": PROTOCOL, "build": "0-bench"})
        self.daemon_pid = 0

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_) -> None:
        self._socket.close()

    def call(self, method: str, **params) -> dict:
        first = bool(self._unsent)
        self._last_id += 1
        self._socket.sendall(self._unsent + _request(self._last_id, method, params))
        self._unsent = b""
        if first:
            self.daemon_pid = self._result(1)["pid"]
        return self._result(self._last_id)

    def finish(self, method: str, **params) -> dict:
        """Begins an operation and waits for its end."""
        operation = self.call(method, **params)["operation"]
        view = self.call("operation.watch", operation=operation)
        if view["state"] != "done":
            raise RpcFailure(f"{method} {view['state']}: {(view.get('error') or {}).get('message')}")
        return view

    def exec(self, vm: str, *argv: str, stdin: bool = False, **options: bool) -> FrameStream:
        """Starts a command; the connection carries its frames from here on, and no further call."""
        self.call("vm.exec", vm=vm, argv=list(argv), env=[], tty=False, stdin=stdin, columns=0, rows=0, **options)
        return FrameStream(self._socket, self._received)

    def _result(self, wanted: int) -> dict:
        while True:
            message = json.loads(self._line())
            if message.get("id") != wanted:
                continue
            if "error" in message:
                raise RpcFailure(message["error"]["message"])
            return message["result"]

    def _line(self) -> bytes:
        while b"\n" not in self._received:
            more = self._socket.recv(65_536)
            if not more:
                raise StreamBroken("the daemon closed the connection")
            self._received += more
        line, _, self._received = self._received.partition(b"\n")
        return line


def output_of(stream: FrameStream) -> bytes:
    """Reads a command's output of at most a window to its end; a status other than 0 is an error."""
    output = b""
    errors = b""
    while True:
        _, kind, payload = stream.next()
        if kind == DATA:
            output += payload
        elif kind == DATA_ERR:
            errors += payload
        elif kind == EXIT:
            if payload != b"\0\0":
                said = errors.decode(errors="replace").strip()
                raise StreamBroken(f"the command ended with {payload.hex()}: {said}")
            return output


def _request(number: int, method: str, params: dict) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n"
