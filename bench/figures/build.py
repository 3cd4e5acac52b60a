"""Images: building one again without a change, and creating a VM of one with much in its layers."""

import time

import process
from measure import Row, Target, interleaved
from stage import Stage

STEPS = ["echo one > /opt/one", "echo two > /opt/two", "mkdir /opt/three"]
SMALL = "bench-small"
BIG = "bench-big"
# With what debian holds, about 3 GB; of bytes that are none of zeros, which a layer would leave out.
FILL = "head -c 2700M /dev/urandom >/opt/fill"
MAX_REBUILD_MS = Target(1000, of_ratio=False)
MAX_RATIO = Target(1.2)


def rows(stage: Stage) -> list[Row]:
    home = stage.home
    small = home.banger("image", "build", SMALL, "--from", "debian")
    for step in STEPS:
        small += ["--run", step]
    process.run(small, home.env)
    again = [process.run(small, home.env).wall_s * 1000 for _ in range(stage.effort.program)]
    process.run(home.banger("image", "build", BIG, "--from", "debian", "--run", FILL), home.env)
    with home.client() as client:
        held = client.call("image.show", image=BIG)["diskBytes"] / 2**30
    big, plain = interleaved(stage.effort.cold, lambda: _create(stage, BIG), lambda: _create(stage, SMALL))
    return [
        Row("image build of 3 steps, no change", "ms", again, target=MAX_REBUILD_MS),
        Row("cold create, 3 GB in the layers", "ms", big, plain, "0.3 GB in the layers", MAX_RATIO,
            f"its files have {held:.1f} GiB of the host's disk"),
    ]


def _create(stage: Stage, image: str) -> float:
    name = stage.home.new_name()
    with stage.home.client() as client:
        begin = time.perf_counter()
        client.finish("vm.create", name=name, image=image, publish=[], cold=True)
        took = (time.perf_counter() - begin) * 1000
        client.finish("vm.delete", vm=name)
    return took
