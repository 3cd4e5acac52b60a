"""VMs created and deleted, several at a time: no two of them share an address, and nothing is left of any."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock

from daemon import output_of
from measure import Row, Target
from stage import Stage

IMAGE = "debian"
AT_ONCE = 8
MEMORY_BYTES = 512 << 20


class Clash(Exception):
    """Two VMs that lived at the same time had the same address."""


class Leftover(Exception):
    """Something is there that no record accounts for."""


class Addresses:
    """Whose each address is while its VM lives, as the guests themselves have them."""

    def __init__(self):
        self._lock = Lock()
        self._owners: dict[str, str] = {}

    def take(self, vm: str, addresses: list[str]) -> None:
        with self._lock:
            for address in addresses:
                if (other := self._owners.setdefault(address, vm)) != vm:
                    raise Clash(f"{vm} and {other} both have {address}")

    def give_back(self, vm: str) -> None:
        with self._lock:
            self._owners = {address: owner for address, owner in self._owners.items() if owner != vm}


def rows(stage: Stage) -> list[Row]:
    bridged = os.getuid() == 0 and shutil.which("ip") is not None
    addresses = Addresses()
    with _network(stage, bridged):
        with stage.home.client() as client:
            client.finish("image.warm", image=IMAGE, memoryBytes=MEMORY_BYTES)
        names = [stage.home.new_name() for _ in range(stage.effort.churn)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            times = list(pool.map(lambda name: _cycle(stage, name, addresses if bridged else None), names))
        _verify(stage)
    return [
        Row("VMs created and deleted", "", [len(times)], target=Target(len(names), of_ratio=False, at_least=True),
            note=f"{AT_ONCE} at a time, " + ("on a bridge, no address twice, nothing left" if bridged else "nothing left")),
        Row("one of them, with a command in it", "ms", times),
    ]


@contextmanager
def _network(stage: Stage, bridged: bool) -> Iterator[None]:
    """As root the daemon lives in a network namespace meanwhile, and its VMs are on a bridge there."""
    if not bridged:
        yield
        return
    namespace = f"banger-bench-{os.getpid()}"
    subprocess.run(["ip", "netns", "add", namespace], check=True)
    subprocess.run(["ip", "-n", namespace, "link", "set", "lo", "up"], check=True)
    stage.home.stop_daemon()
    stage.home.configure('[defaults]\nnetwork = "bridge"\n')
    stage.home.enter = ["ip", "netns", "exec", namespace]
    try:
        stage.home.start_daemon()
        yield
    finally:
        stage.home.stop_daemon()
        stage.home.enter = []
        subprocess.run(["ip", "netns", "del", namespace], check=True)
        stage.home.configure("")
        stage.home.start_daemon()


def _cycle(stage: Stage, name: str, addresses: Addresses | None) -> float:
    begin = time.perf_counter()
    with stage.home.client() as client:
        client.finish("vm.create", name=name, image=IMAGE, publish=[], cold=False, memoryBytes=MEMORY_BYTES)
        said = output_of(client.exec(name, "ip", "-o", "-4", "addr", "show", "scope", "global")).decode()
    if addresses is not None:
        addresses.take(name, [line.split()[3].partition("/")[0] for line in said.splitlines()])
        with stage.home.client() as client:
            output_of(client.exec(name, "true"))
        # Before it is deleted, as another may have its address from then on.
        addresses.give_back(name)
    with stage.home.client() as client:
        client.finish("vm.delete", vm=name)
    return (time.perf_counter() - begin) * 1000


def _verify(stage: Stage) -> None:
    home = stage.home
    done = subprocess.run(
        [*home.enter, str(home.dist / "bin/bangerd"), "verify"], env=home.env, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise Leftover(done.stdout + done.stderr)
