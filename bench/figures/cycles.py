"""Records that a guest has acknowledged, through suspending, resuming, forking, stopping and starting, again and again."""

import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from daemon import output_of
from frames import DATA, StreamBroken
from measure import Row, Target
from stage import SETTLED, Stage

RECORDS = (Path(__file__).resolve().parent.parent / "guest" / "records.py").read_text()
AT_LEAST = 20
BOUND_S = 120
DISKS = ("root", "work")


class Lost(Exception):
    """What was acknowledged is not there, or a disk is damaged."""


class Writer:
    """Writes in a guest until it is closed or cut off; knows here, on the host, what was acknowledged."""

    def __init__(self, stage: Stage, vm: str):
        self._client = stage.home.client()
        self._stream = self._client.exec(vm, "python3", "-c", RECORDS, "write")
        self._printed = b""
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._client.__exit__()
        self._thread.join(BOUND_S)

    def acknowledged(self) -> int:
        """How many records there must be."""
        last = self._printed.rpartition(b"\n")[0].rpartition(b"\n")[2]
        return int(last) + 1 if last else 0

    def work(self) -> int:
        """Waits for some more; returns how many records there must be."""
        wanted = self.acknowledged() + AT_LEAST
        end = time.monotonic() + BOUND_S
        while self.acknowledged() < wanted or self._printed.count(b"\n") < AT_LEAST:
            if time.monotonic() > end:
                raise Lost(f"the writer acknowledged nothing for {BOUND_S} s")
            time.sleep(0.01)
        return self.acknowledged()

    def _read(self) -> None:
        try:
            while True:
                _, kind, payload = self._stream.next()
                if kind == DATA:
                    self._printed += payload
        except (StreamBroken, OSError):
            pass  # the guest was suspended or stopped, or we have closed it


def rows(stage: Stage) -> list[Row]:
    home = stage.home
    with home.client() as client:
        name = home.create(client)
    acknowledged = 0
    times = []
    for _ in range(stage.effort.cycles):
        begin = time.monotonic()
        acknowledged = _cycle(stage, name)
        times.append(time.monotonic() - begin)
    with home.client() as client:
        client.finish("vm.delete", vm=name)
    count = stage.effort.cycles
    return [
        Row("cycles of suspend, resume, fork, stop and start", "", [len(times)],
            target=Target(count, of_ratio=False, at_least=True),
            note=f"none of {acknowledged} acknowledged records lost, e2fsck clean after each"),
        Row("one of them", "s", times),
    ]


def _cycle(stage: Stage, name: str) -> int:
    writer = Writer(stage, name)
    writer.work()
    _do(stage, "vm.suspend", vm=name)
    _do(stage, "vm.resume", vm=name)
    writer.close()
    _check(stage, name, writer.acknowledged())

    writer = Writer(stage, name)
    copy = stage.home.new_name()
    before = writer.work()
    _do(stage, "vm.fork", vm=name, names=[copy])
    writer.work()
    _check(stage, copy, before)
    _do(stage, "vm.stop", vm=copy, graceSeconds=BOUND_S)
    _check_disks(stage, copy)
    _do(stage, "vm.start", vm=copy)
    _check(stage, copy, before)
    _do(stage, "vm.delete", vm=copy)

    writer.work()
    _do(stage, "vm.stop", vm=name, graceSeconds=BOUND_S)
    writer.close()
    _check_disks(stage, name)
    _do(stage, "vm.start", vm=name)
    with stage.home.client() as client:
        output_of(client.exec(name, *SETTLED))
    _check(stage, name, writer.acknowledged())
    return writer.acknowledged()


def _do(stage: Stage, method: str, **params) -> None:
    with stage.home.client() as client:
        client.finish(method, **params)


def _check(stage: Stage, vm: str, acknowledged: int) -> None:
    with stage.home.client() as client:
        found = int(output_of(client.exec(vm, "python3", "-c", RECORDS, "check")))
    if found < acknowledged:
        raise Lost(f"{vm} has {found} records: {acknowledged} were acknowledged")


def _check_disks(stage: Stage, name: str) -> None:
    folder = stage.home.folder(stage.home.vm(name))
    for disk in DISKS:
        with TemporaryDirectory(dir=stage.home.root) as scratch:
            file = _flat(folder, disk, Path(scratch))
            checked = subprocess.run(["e2fsck", "-fn", str(file)], capture_output=True, text=True)
            if checked.returncode != 0:
                raise Lost(f"{folder}, disk {disk}: {checked.stdout}{checked.stderr}")


def _flat(folder: Path, disk: str, scratch: Path) -> Path:
    """The disk as one file: its highest level has all that the guest sees, over those below it."""
    levels = sorted(folder.glob(f"{disk}.*.qcow2"), key=lambda level: int(level.name.split(".")[1]))
    if not levels:
        return folder / f"{disk}.ext4"
    flat = scratch / f"{disk}.ext4"
    subprocess.run(["qemu-img", "convert", "-O", "raw", str(levels[-1]), str(flat)], check=True)
    return flat
