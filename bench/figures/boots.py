"""Cold boots in a row: how many of them end with a command that ran."""

import time

from daemon import RpcFailure, output_of
from frames import StreamBroken
from measure import Row, Target
from stage import Stage

HUNG = "hung while booting"


def rows(stage: Stage) -> list[Row]:
    count = stage.effort.boots
    hung_before = _hung(stage)
    times: list[float] = []
    for _ in range(count):
        begin = time.perf_counter()
        try:
            _boot(stage)
            times.append((time.perf_counter() - begin) * 1000)
        except (RpcFailure, StreamBroken) as failure:
            print(f"   a boot failed: {failure}", flush=True)
    rows = [
        Row(
            f"cold boots that succeeded, of {count} in a row",
            "",
            [len(times)],
            target=Target(count, of_ratio=False, at_least=True),
            note=f"{_hung(stage) - hung_before} started twice",
        )
    ]
    return rows + ([Row("create, exec of true and delete", "ms", times)] if times else [])


def _boot(stage: Stage) -> None:
    with stage.home.client() as client:
        name = stage.home.create(client)
        output_of(client.exec(name, "true"))
    with stage.home.client() as client:
        client.finish("vm.delete", vm=name)


def _hung(stage: Stage) -> int:
    return stage.home.log.read_text(errors="replace").count(HUNG)
