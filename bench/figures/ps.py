"""`banger ps` with 20 VMs, against a JVM's hello world."""

import process
from measure import Row, Target
from stage import Stage

VMS = 20
FLOOR = "JVM hello world"
MAX_RATIO = Target(3.5)
MAX_MIB = Target(60, of_ratio=False)


def rows(stage: Stage) -> list[Row]:
    running = _make_vms(stage)
    command = stage.home.banger("ps")
    process.run(command, stage.home.env)
    process.run(stage.hello_world, stage.home.env)
    ours: list[process.Usage] = []
    floor: list[process.Usage] = []
    for _ in range(stage.effort.program):
        ours.append(process.run(command, stage.home.env))
        floor.append(process.run(stage.hello_world, stage.home.env))
    note = f"{running} of {VMS} VMs running"
    return [
        _row("banger ps, wall time", "ms", ours, floor, lambda usage: usage.wall_s * 1000, MAX_RATIO, note),
        _row("banger ps, CPU time", "ms", ours, floor, lambda usage: usage.cpu_s * 1000, MAX_RATIO),
        _row("banger ps, peak memory", "MiB", ours, floor, lambda usage: usage.peak_bytes / 2**20, MAX_MIB),
    ]


def _row(figure, unit, ours, floor, part, target, note="") -> Row:
    return Row(figure, unit, [part(one) for one in ours], [part(one) for one in floor], FLOOR, target, note)


def _make_vms(stage: Stage) -> int:
    """Fills up to 20 VMs, each created for real and then ended; returns how many run."""
    with stage.home.client() as client:
        for _ in range(len(client.call("vm.list")["vms"]), VMS):
            client.finish("vm.kill", vm=stage.home.create(client))
        return sum(vm["state"] == "running" for vm in client.call("vm.list")["vms"])
