"""Forks of a VM with much data on its disk, each to the first output of a command in the copy, against bare QEMU."""

from daemon import output_of
from figures.create import IMAGE, bare_restore_ms, delete, fork_ms
from frames import StreamBroken
from measure import Row, Target
from stage import Stage

GIB = 2**30
ROOM_GIB = 2

# Every block is another, and none of zeros, so that neither a hole nor a deduplicating disk makes it less.
FILL = """
import os, sys
block = bytearray(os.urandom(1 << 20))
with open("/root/data", "wb") as data:
    for number in range(int(sys.argv[1]) << 10):
        block[:8] = number.to_bytes(8, "big")
        data.write(block)
    data.flush()
    os.fsync(data.fileno())
print("written")
"""


def rows(stage: Stage) -> list[Row]:
    home, gib, count = stage.home, stage.effort.data, stage.effort.data_forks
    name = home.new_name()
    with home.client() as client:
        client.finish("image.warm", image=IMAGE)
        model = home.create(client, cold=False)
        client.finish("vm.create", name=name, image=IMAGE, publish=[], cold=False, diskBytes=(gib + ROOM_GIB) * GIB)
        output_of(client.exec(name, "python3", "-c", FILL, str(gib)))
    stored = (home.folder(home.vm(name)) / "work.ext4").stat().st_blocks * 512
    if stored < gib * GIB:
        raise StreamBroken(f"{name} has {stored} bytes on the host's disk, expected {gib} GiB")
    forked = [fork_ms(stage, name) for _ in range(count)]
    vm = home.vm(model)
    floor = [bare_restore_ms(stage, vm) for _ in range(count)]
    delete(stage, name)
    delete(stage, model)
    return [
        Row(f"fork to first exec's output, with {gib} GB of data", "ms", forked, floor,
            "bare QEMU restore to fork+exec", Target(2))
    ]
