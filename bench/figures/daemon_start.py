"""The daemon's start until it has answered a call."""

import process
from measure import Row, Target, interleaved
from stage import Stage

MAX_MS = Target(1000, of_ratio=False)


def rows(stage: Stage) -> list[Row]:
    def start() -> float:
        stage.home.stop_daemon()
        return stage.home.start_daemon() * 1000

    def hello() -> float:
        return process.run(stage.hello_world, stage.home.env).wall_s * 1000

    samples, floor = interleaved(stage.effort.daemon, start, hello)
    return [Row("daemon's start to its first answer", "ms", samples, floor, "JVM hello world", MAX_MS)]
