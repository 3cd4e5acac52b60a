"""What banger takes while nothing happens: the daemon's memory, and a VM's own disk and memory. For information."""

import os

import process
from measure import Row
from stage import Stage


def rows(stage: Stage) -> list[Row]:
    with stage.home.client() as client:
        name = stage.home.create(client)
        os.sync()  # blocks are given to a file when it is written back
        vm = client.call("vm.show", vm=name)
        daemon = process.resident_bytes(client.daemon_pid) / 2**20
        client.finish("vm.delete", vm=name)
    guest = process.resident_bytes(stage.vm["pid"], "RssAnon") / 2**20
    return [
        Row("the daemon's memory", "MiB", [daemon], note="resident; with all that the other figures did before"),
        Row("a new VM's own disks", "MiB", [vm["usedDiskBytes"] / 2**20], note="blocks on the host"),
        Row("a booted VM's own memory", "MiB", [guest], note="anonymous, of its QEMU process"),
    ]
