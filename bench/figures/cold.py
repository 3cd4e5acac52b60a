"""Cold create to the first exec's output, against bare QEMU's time to the agent's first word."""

import time

import process
from frames import DATA, StreamBroken
from measure import Row, Target, interleaved
from stage import Stage

MAX_CLI_SAMPLES = 3


def rows(stage: Stage) -> list[Row]:
    stage.vm  # the bare guests' command line comes from it, and what it reads is in the page cache then
    samples, floor = interleaved(stage.effort.cold, lambda: _create_ms(stage), lambda: _bare_ms(stage))
    through_cli = [_cli_ms(stage) for _ in range(min(MAX_CLI_SAMPLES, stage.effort.cold))]
    return [
        Row("cold create to first exec's output", "ms", samples, floor, "bare QEMU to agent's hello", Target(1.3)),
        Row("the same as two commands of the CLI", "ms", through_cli),
    ]


def _create_ms(stage: Stage) -> float:
    begin = time.perf_counter()
    with stage.home.client() as client:
        name = stage.home.create(client)
        stream = client.exec(name, "echo", "here")
        kind = 0
        while kind != DATA:
            _, kind, payload = stream.next()
        elapsed = time.perf_counter() - begin
    if payload != b"here\n":
        raise StreamBroken(f"echo here printed {payload!r}")
    _delete(stage, name)
    return elapsed * 1000


def _bare_ms(stage: Stage) -> float:
    with stage.new_bare_guest() as guest:
        return guest.start() * 1000


def _cli_ms(stage: Stage) -> float:
    name = stage.home.new_name()
    create = process.run(stage.home.banger("vm", "create", "--cold", "--name", name), stage.home.env)
    first = process.run(stage.home.banger("vm", "exec", name, "--", "echo", "here"), stage.home.env)
    _delete(stage, name)
    return (create.wall_s + first.wall_s) * 1000


def _delete(stage: Stage, name: str) -> None:
    with stage.home.client() as client:
        client.finish("vm.delete", vm=name)
