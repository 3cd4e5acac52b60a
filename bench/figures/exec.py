"""exec of `true`, daemon to guest and back, against a bare fork and exec over the same kind of port."""

import time

from daemon import output_of
from measure import Row, Target, interleaved
from stage import Stage

WARM_UP = 20


def rows(stage: Stage) -> list[Row]:
    name = stage.vm["name"]
    port = stage.bare_guest.floor(stage.port_floor, "exec")

    def through_daemon() -> float:
        begin = time.perf_counter()
        with stage.home.client() as client:
            output_of(client.exec(name, "/bin/true"))
            return (time.perf_counter() - begin) * 1000

    def over_port() -> float:
        begin = time.perf_counter()
        port.sendall(b"x")
        if port.recv(1) != b"x":
            raise ConnectionError("port_floor has ended")
        return (time.perf_counter() - begin) * 1000

    with port:
        interleaved(WARM_UP, through_daemon, over_port)
        samples, floor = interleaved(stage.effort.exec, through_daemon, over_port)
    return [Row("exec of true, daemon to guest and back", "ms", samples, floor, "bare fork+exec", Target(1.5))]
