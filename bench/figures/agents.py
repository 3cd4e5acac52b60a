"""The image agents: built from its recipe where it is not there yet, then a VM of it until opencode answers."""

import time

from daemon import output_of
from measure import Row
from stage import Stage

RECIPE = "images/agents.toml"
TOOLS = ["mise", "opencode", "claude", "pi"]
URL = "http://127.0.0.1:4096/"


def rows(stage: Stage) -> list[Row]:
    home = stage.home
    recipe = str((home.dist / RECIPE).resolve())
    with home.client() as client:
        begin = time.perf_counter()
        client.finish(
            "image.build", name="agents", recipe=recipe, install=[], copy=[], run=[], environment=[], fresh=False
        )
        built = time.perf_counter() - begin
        name = home.new_name()
        begin = time.perf_counter()
        client.finish("vm.create", name=name, image="agents", memoryBytes=2 << 30, publish=[])
        created = time.perf_counter() - begin
    status = _output(stage, name, "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", URL)
    versions = ", ".join(f"{tool} {_output(stage, name, tool, '--version')}" for tool in TOOLS)
    with home.client() as client:
        client.finish("vm.delete", vm=name)
    return [
        Row("image build of agents", "s", [built], note="from the kept steps, where there are any"),
        Row("create until opencode answers", "s", [created], note=f"HTTP {status} on 4096; {versions}"),
    ]


def _output(stage: Stage, vm: str, *argv: str) -> str:
    with stage.home.client() as client:
        lines = output_of(client.exec(vm, *argv)).decode(errors="replace").split("\n")
    return lines[0].strip()
