"""Restored VMs: created, resumed, forked, each to the first output of a command in it, against bare QEMU."""

import time
from pathlib import Path

import process
from bare_restore import BareRestore
from daemon import output_of
from frames import DATA, StreamBroken
from measure import Row, Sampler, Target, interleaved, percentile
from stage import Stage
from svg import distribution

IMAGE = "debian"
UUID_BYTES = 37
IDLE_S = 5
RETRY_S = 0.05
FILL = (Path(__file__).resolve().parent.parent / "guest" / "fill.py").read_text()
LITTLE_MIB, MORE_MIB = 100, 1000


def rows(stage: Stage) -> list[Row]:
    stage.vm  # the bare cold boot's command line comes from it
    with stage.home.client() as client:
        client.finish("image.warm", image=IMAGE)
        name = stage.home.create(client, cold=False)
    model = stage.home.vm(name)
    count = stage.effort.create
    created, restored = interleaved(count, lambda: _create_ms(stage), lambda: bare_restore_ms(stage, model))
    booted = [_bare_boot_ms(stage) for _ in range(min(count, stage.effort.cold))]
    shells = [_shell_ms(stage) for _ in range(stage.effort.cold)]
    with stage.home.client() as client:
        frozen = stage.home.create(client, cold=False)
    resumed, beside_resumed = _beside_restored(stage, model, lambda: _resume_ms(stage, frozen))
    fill(stage, frozen, LITTLE_MIB)
    forked, beside_forked = _beside_restored(stage, model, lambda: fork_ms(stage, frozen))
    fill(stage, frozen, MORE_MIB)
    filled, beside_filled = _beside_restored(stage, model, lambda: fork_ms(stage, frozen))
    delete(stage, frozen)
    delete(stage, name)
    memory = _unshared_mib(stage, stage.effort.crowd)
    pooled, restored_beside = _pooled_ms(stage, count)
    distribution(
        stage.chart,
        "to the first output of a command in a new VM",
        {"vm create, from the pool": pooled, "vm create, restored": created, "bare QEMU restore": restored, "bare QEMU boot to hello": booted},
    )
    floor = "bare QEMU restore to fork+exec"
    p99 = [percentile(created, 0.99)]
    return [
        Row("restored create to first exec's output", "ms", created, restored, floor, Target(1.5), _spread(created)),
        Row("the same, 99th percentile", "ms", p99, [percentile(restored, 0.5)], "its median", Target(3)),
        Row("create from the pool to first exec's output", "ms", pooled, restored_beside, floor, Target(0.4)),
        Row("create and ssh, two commands of the CLI", "ms", shells, note=_spread(shells)),
        Row("bare QEMU cold boot to agent's hello", "ms", booted),
        Row("resume to first exec's output", "ms", resumed, beside_resumed, floor, Target(1.5)),
        Row("fork to first exec's output in the copy", "ms", forked, beside_forked, floor, Target(2), note="0.1 GB of data"),
        Row("the same with 1 GB more of data", "ms", filled, beside_filled, floor, Target(2)),
        Row("an idle restored VM's unshared memory", "MiB", memory, target=Target(30, of_ratio=False),
            note=f"{len(memory)} at once"),
    ]


def _create_ms(stage: Stage) -> float:
    begin = time.perf_counter()
    with stage.home.client() as client:
        name = stage.home.create(client, cold=False)
        elapsed = _first_output(client, name, begin)
    delete(stage, name)
    return elapsed


def _shell_ms(stage: Stage) -> float:
    name = stage.home.new_name()
    create = process.run(stage.home.banger("vm", "create", "--name", name), stage.home.env)
    login = process.run(stage.home.banger("vm", "ssh", name, "--", "true"), stage.home.env)
    delete(stage, name)
    return (create.wall_s + login.wall_s) * 1000


def _spread(samples: list[float]) -> str:
    return f"min {min(samples):.0f} ms, p99 {percentile(samples, 0.99):.0f} ms"


def _pooled_ms(stage: Stage, count: int) -> tuple[list[float], list[float]]:
    """The daemon has a pool of one meanwhile, and is given the time to fill it again."""
    stage.home.stop_daemon()
    stage.home.configure("[pool]\nsize = 1\n")
    stage.home.start_daemon()
    try:
        with stage.home.client() as client:
            name = stage.home.create(client, cold=False)
        model = stage.home.vm(name)
        samples = interleaved(count, lambda: _taken_ms(stage), lambda: bare_restore_ms(stage, model))
        delete(stage, name)
        return samples
    finally:
        stage.home.stop_daemon()
        stage.home.configure("")
        stage.home.start_daemon()


def _taken_ms(stage: Stage) -> float:
    with stage.home.client() as client:
        while not (ready := {vm["id"] for vm in client.call("vm.pool")["vms"]}):
            time.sleep(RETRY_S)
    begin = time.perf_counter()
    with stage.home.client() as client:
        name = stage.home.create(client, cold=False)
        elapsed = _first_output(client, name, begin)
    if stage.home.vm(name)["id"] not in ready:
        raise StreamBroken("the vm did not come from the pool")
    delete(stage, name)
    return elapsed


def _resume_ms(stage: Stage, name: str) -> float:
    with stage.home.client() as client:
        client.finish("vm.suspend", vm=name)
    begin = time.perf_counter()
    with stage.home.client() as client:
        client.finish("vm.resume", vm=name)
        return _first_output(client, name, begin)


def fork_ms(stage: Stage, name: str) -> float:
    copy = stage.home.new_name()
    begin = time.perf_counter()
    with stage.home.client() as client:
        client.finish("vm.fork", vm=name, names=[copy])
        elapsed = _first_output(client, copy, begin)
    delete(stage, copy)
    return elapsed


def _first_output(client, name: str, begin: float) -> float:
    """The proof is a value that the guest's kernel has just made."""
    stream = client.exec(name, "cat", "/proc/sys/kernel/random/uuid")
    kind = 0
    while kind != DATA:
        _, kind, payload = stream.next()
    elapsed = time.perf_counter() - begin
    if len(payload) != UUID_BYTES:
        raise StreamBroken(f"the guest printed {payload!r}")
    return elapsed * 1000


def bare_restore_ms(stage: Stage, model: dict) -> float:
    with BareRestore(stage.home, model, stage.home.root / "bare" / stage.home.new_name()) as guest:
        return guest.first_answer_s() * 1000


def _bare_boot_ms(stage: Stage) -> float:
    with stage.new_bare_guest() as guest:
        return guest.start() * 1000


def _beside_restored(stage: Stage, model: dict, sample: Sampler) -> tuple[list[float], list[float]]:
    """Samples in turn with their floor, which goes by the model's command line."""
    return interleaved(stage.effort.freeze, sample, lambda: bare_restore_ms(stage, model))


def fill(stage: Stage, name: str, mebibytes: int) -> None:
    """Writes more data to the VM's work disk; nothing of it is in the guest's memory then."""
    with stage.home.client() as client:
        output_of(client.exec(name, "python3", "-c", FILL, str(mebibytes)))


def _unshared_mib(stage: Stage, count: int) -> list[float]:
    with stage.home.client() as client:
        names = [stage.home.create(client, cold=False) for _ in range(count)]
    time.sleep(IDLE_S)
    sizes = [_private_bytes(stage.home.vm(name)["pid"]) / 2**20 for name in names]
    for name in names:
        delete(stage, name)
    return sizes


def _private_bytes(pid: int) -> int:
    with open(f"/proc/{pid}/smaps_rollup") as lines:
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def delete(stage: Stage, name: str) -> None:
    with stage.home.client() as client:
        client.finish("vm.delete", vm=name)
