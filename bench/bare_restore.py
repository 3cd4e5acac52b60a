"""The floor under a restored VM: the same QEMU, template and command line, and no banger."""

import json
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from agent import BareSession
from bare import clone, moved
from home import Home

BOUND_S = 60
RETRY_S = 0.001
MEMORY = re.compile(r"mem-path=([^,]+)")


class BareRestore:
    """A guest restored from a template, with its command line read from a VM that was restored from it."""

    def __init__(self, home: Home, vm: dict, folder: Path):
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        theirs = Path(f"/proc/{vm['pid']}/cmdline").read_bytes().decode().split("\0")[:-1]
        places = (str(home.folder(vm)), str(home.runtime / "vm" / vm["id"]))
        self._argv = [moved(word, places, str(folder)) for word in theirs]
        template = _template(home, theirs)
        self._argv = [MEMORY.sub(f"mem-path={template}/ram", word) for word in self._argv]
        self._devices = (template / "devices").read_bytes()
        for disk in ("root.ext4", "work.ext4"):
            clone(template / disk, folder / disk)

    def __enter__(self) -> "BareRestore":
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def first_answer_s(self) -> float:
        """Starts QEMU and returns the seconds until the output of the guest's first fork and exec."""
        begin = time.perf_counter()
        with open(self._folder / "vmm.log", "ab") as log:
            self._process = subprocess.Popen(
                self._argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, close_fds=False
            )
        agent = self._connect("agent.sock")
        self._load()
        session = BareSession(agent)
        session.hello()
        session.output_of("cat", "/proc/sys/kernel/random/uuid")
        return time.perf_counter() - begin

    def _load(self) -> None:
        with self._connect("qmp.sock") as monitor, monitor.makefile("r") as lines:
            lines.readline()
            _run(monitor, lines, "qmp_capabilities")
            events = [{"capability": "events", "state": True}]
            _run(monitor, lines, "migrate-set-capabilities", capabilities=events)
            _run(monitor, lines, "migrate-incoming", uri=f"unix:{self._folder}/move.sock")
            with self._connect("move.sock") as stream:
                stream.sendall(self._devices)
            while '"completed"' not in lines.readline():
                pass
            _run(monitor, lines, "cont")

    def _connect(self, name: str) -> socket.socket:
        end = time.perf_counter() + BOUND_S
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(BOUND_S)
            try:
                connection.connect(str(self._folder / name))
                return connection
            except OSError:
                connection.close()
                if time.perf_counter() > end or self._process.poll() is not None:
                    raise
                time.sleep(RETRY_S)


def _template(home: Home, argv: list[str]) -> Path:
    """The folder of what that process was restored from, whose memory it has mapped, by whatever name."""
    memory = Path(next(found[1] for found in map(MEMORY.search, argv) if found))
    for folder in (home.data / "templates").iterdir():
        if memory.samefile(folder / "ram"):
            return folder
    if not (memory.parent / "devices").exists():
        raise OSError(f"no template has the memory {memory}")
    return memory.parent


def _run(monitor: socket.socket, lines, command: str, **arguments) -> None:
    monitor.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
    while True:
        answer = json.loads(lines.readline())
        if "error" in answer:
            raise OSError(f"{command}: {answer['error']['desc']}")
        if "return" in answer:
            return
