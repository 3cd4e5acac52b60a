"""Forks of a VM with much data on its disk, each to the first output of a command in the copy, against bare QEMU."""

from figures.create import IMAGE, bare_restore_ms, delete, fill, fork_ms
from frames import StreamBroken
from measure import Row, Target, interleaved
from stage import Stage

GIB = 2**30
ROOM_GIB = 2
LITTLE_MIB = 100


def rows(stage: Stage) -> list[Row]:
    home, gib = stage.home, stage.effort.data
    name = home.new_name()
    with home.client() as client:
        client.finish("image.warm", image=IMAGE)
        model = home.create(client, cold=False)
        client.finish("vm.create", name=name, image=IMAGE, publish=[], cold=False, diskBytes=(gib + ROOM_GIB) * GIB)
    found = []
    written = 0
    for mebibytes, data in ((LITTLE_MIB, "0.1 GB"), (gib << 10, f"{gib} GB")):
        fill(stage, name, mebibytes - written)
        written = mebibytes
        _require_stored(stage, name, mebibytes << 20)
        forked, floor = interleaved(
            stage.effort.data_forks,
            lambda: fork_ms(stage, name),
            lambda: bare_restore_ms(stage, home.vm(model)),
        )
        found.append(
            Row(f"fork to first exec's output, with {data} of data", "ms", forked, floor,
                "bare QEMU restore to fork+exec", Target(2))
        )
    delete(stage, name)
    delete(stage, model)
    return found


def _require_stored(stage: Stage, name: str, expected: int) -> None:
    folder = stage.home.folder(stage.home.vm(name))
    stored = sum(disk.stat().st_blocks * 512 for disk in folder.glob("work.*"))
    if stored < expected:
        raise StreamBroken(f"{name} has {stored} bytes on the host's disk, expected {expected}")
