"""Ten VMs of one image: its layers are on the disk and in the host's page cache once."""

import os
import subprocess
from pathlib import Path

from measure import Row, Target
from stage import Stage

VMS = 10
MEMORY_BYTES = 512 << 20


def rows(stage: Stage) -> list[Row]:
    with stage.home.client() as client:
        image = client.call("image.show", image="debian")
    layers = [stage.home.data / "layers" / f"{layer['digest']}.ext4" for layer in image["layers"]]
    names: list[str] = []
    try:
        names.append(_create(stage))
        one = _cached_mib(layers)
        names += [_create(stage) for _ in range(VMS - 1)]
        ten = _cached_mib(layers)
        os.sync()  # blocks are given to a file when it is written back
        vms = [stage.home.vm(name) for name in names]
        own = sum(vm["usedDiskBytes"] for vm in vms) / 2**20
        files = {file for vm in vms for file in _open_layers(vm["pid"], layers)}
    finally:
        with stage.home.client() as client:
            for name in names:
                client.finish("vm.delete", vm=name)
    disk = image["diskBytes"] / 2**20
    return [
        Row(
            f"disk of {VMS} VMs and their image", "MiB", [disk + own], [disk], "the image", Target(1.2),
            f"{own / VMS:.1f} MiB a VM",
        ),
        Row(f"page cache of the layers, {VMS} VMs", "MiB", [ten], [one], "one VM", Target(1.1)),
        Row(f"files that {VMS} VMs have for {len(layers)} layer(s)", "", [len(files)],
            target=Target(len(layers), of_ratio=False)),
    ]


def _create(stage: Stage) -> str:
    name = stage.home.new_name()
    with stage.home.client() as client:
        client.finish("vm.create", name=name, image="debian", memoryBytes=MEMORY_BYTES, publish=[])
    return name


def _cached_mib(files: list[Path]) -> float:
    output = subprocess.check_output(["fincore", "--bytes", "--noheadings", "--output", "RES", *map(str, files)])
    return sum(map(int, output.split())) / 2**20


def _open_layers(pid: int, layers: list[Path]) -> set[tuple[int, int]]:
    """The device and inode of each layer that the VM's process has open."""
    wanted = {(layer.stat().st_dev, layer.stat().st_ino) for layer in layers}
    found = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            status = descriptor.stat()
        except OSError:
            continue  # a socket that was closed meanwhile
        if descriptor.readlink().parent == layers[0].parent or (status.st_dev, status.st_ino) in wanted:
            found.add((status.st_dev, status.st_ino))
    return found
