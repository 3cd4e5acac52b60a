"""The daemon with many VMs: what it takes while nothing happens, and its restart until every VM's agent answers again."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import process
from measure import Row, Target
from stage import Stage

IMAGE = "debian"
SETTLE_S = 20
IDLE_S = 30
AT_ONCE = 8
RESTARTS = 5
MAX_SHARE = Target(0.5, of_ratio=False)
MAX_MIB = Target(150, of_ratio=False)
MAX_MS = Target(2000, of_ratio=False)
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def rows(stage: Stage) -> list[Row]:
    # A daemon that has made nothing itself: what is measured is keeping VMs, not making them.
    names = _created(stage)
    try:
        restarts = [_restart_ms(stage, names) for _ in range(RESTARTS)]
        time.sleep(SETTLE_S)
        share, resident = _idle(stage)
    finally:
        _delete(stage, names)
    many = f"{len(names)} VMs"
    return [
        Row(f"daemon's restart until {many} answer again", "ms", restarts, target=MAX_MS, note="from daemon.stop to the last agent's answer"),
        Row(f"an idle daemon's CPU with {many}", "%", [share], target=MAX_SHARE, note=f"of a core, over {IDLE_S} s"),
        Row(f"an idle daemon's memory with {many}", "MiB", [resident], target=MAX_MIB, note="resident"),
    ]


def _created(stage: Stage) -> list[str]:
    with stage.home.client() as client:
        client.finish("image.warm", image=IMAGE)
        return [stage.home.create(client, cold=False) for _ in range(stage.effort.crowd)]


def _restart_ms(stage: Stage, names: list[str]) -> float:
    begin = time.perf_counter()
    stage.home.stop_daemon()
    stage.home.start_daemon()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda name: _answer(stage, name), names))
    return (time.perf_counter() - begin) * 1000


def _answer(stage: Stage, name: str) -> None:
    with stage.home.client() as client:
        if client.call("vm.stats", vm=name).get("guest") is None:
            raise ConnectionError(f"the agent of {name} does not answer")


def _idle(stage: Stage) -> tuple[float, float]:
    """Percent of a core, and MiB."""
    with stage.home.client() as client:
        client.call("daemon.status")
        pid = client.daemon_pid
    before = _cpu_s(pid)
    time.sleep(IDLE_S)
    return (_cpu_s(pid) - before) / IDLE_S * 100, process.resident_bytes(pid) / 2**20


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def _delete(stage: Stage, names: list[str]) -> None:
    with stage.home.client() as client:
        for name in names:
            client.finish("vm.delete", vm=name)
