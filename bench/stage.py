"""What every figure is measured on: the home, a running VM, a bare guest beside it, and how much to measure."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import process
from bare import BareGuest
from daemon import output_of
from home import Home

JVM_FLAGS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"]

# Until systemd listens there is nobody to wait for; what it says in the end, such as "degraded", is no matter here.
SETTLED = ["sh", "-c", "until systemctl is-system-running --wait | grep -qE 'running|degraded'; do sleep 0.1; done"]


@dataclass(frozen=True)
class Effort:
    """How many samples to take."""

    cold: int = 10
    program: int = 20
    exec: int = 200
    stream: int = 5
    workspace: int = 7
    daemon: int = 10
    boots: int = 100
    create: int = 100
    freeze: int = 100
    crowd: int = 50
    cycles: int = 100
    churn: int = 200
    data: int = 10
    data_forks: int = 10


class Stage:
    """Makes what figures need when the first one asks, and takes it away at the end."""

    def __init__(self, home: Home, agent_programs: Path, effort: Effort, chart: Path):
        """`chart` is where `create` draws how its times are distributed."""
        self.home = home
        self.effort = effort
        self.chart = chart
        self._programs = agent_programs
        self._resources = ExitStack()

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_) -> None:
        self._resources.close()

    @cached_property
    def vm(self) -> dict:
        """A running VM that has finished its boot."""
        with self.home.client() as client:
            name = self.home.create(client)
            output_of(client.exec(name, *SETTLED))
        return self.home.vm(name)

    @cached_property
    def bare_guest(self) -> BareGuest:
        """A bare guest with ports for the floor program, which has finished its boot."""
        guest = self._resources.enter_context(self.new_bare_guest(floor_ports=True))
        guest.start()
        guest.session.boot()
        guest.session.run(*SETTLED)
        return guest

    @property
    def port_floor(self) -> Path:
        return self._programs / "port_floor"

    def new_bare_guest(self, floor_ports: bool = False) -> BareGuest:
        return BareGuest(self.home, self.vm, self.home.root / "bare" / self.home.new_name(), floor_ports)

    @cached_property
    def jdk(self) -> Path:
        return Path((self.home.dist / "lib/jdk").read_text().strip())

    @cached_property
    def hello_world(self) -> list[str]:
        """The command of the least that a JVM can do: the floor under every program that runs on one."""
        folder = self.home.root / "hello"
        folder.mkdir(exist_ok=True)
        source = folder / "Hello.java"
        source.write_text('class Hello { public static void main(String[] a) { System.out.println("hello"); } }\n')
        process.run([str(self.jdk / "bin/javac"), "-d", str(folder), str(source)], self.home.env)
        return [str(self.jdk / "bin/java"), *JVM_FLAGS, "-cp", str(folder), "Hello"]

