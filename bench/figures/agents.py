"""The image agents: built from its recipe where it is not there yet, then a VM of it until opencode answers.

It fails where opencode does not answer with 200, or a tool is not of the version that the recipe names.
"""

import re
import time
import tomllib
from pathlib import Path

from daemon import output_of
from measure import Row
from stage import Stage

RECIPE = "images/agents.toml"
# By the names of their npm packages.
TOOLS = {
    "mise": "@jdxcode/mise",
    "opencode": "opencode-ai",
    "claude": "@anthropic-ai/claude-code",
    "pi": "@mariozechner/pi-coding-agent",
}
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
    # pi tells it on stderr where stdout is no terminal.
    said = {tool: _output(stage, name, "sh", "-c", f"{tool} --version 2>&1") for tool in TOOLS}
    with home.client() as client:
        client.finish("vm.delete", vm=name)
    wrong = faults(Path(recipe), status, said)
    if wrong:
        raise SystemExit("the image agents is not what its recipe says: " + "; ".join(wrong))
    versions = ", ".join(f"{tool} {version}" for tool, version in said.items())
    return [
        Row("image build of agents", "s", [built], note="from the kept steps, where there are any"),
        Row("create until opencode answers", "s", [created], note=f"HTTP {status} on 4096; {versions}"),
    ]


def faults(recipe: Path, status: str, said: dict[str, str]) -> list[str]:
    """What differs from the recipe; `said` is what each tool prints of its version."""
    pins = dict(pin.rsplit("@", 1) for pin in tomllib.loads(recipe.read_text())["npm"])
    wrong = [] if status == "200" else [f"port 4096 answers {status or 'nothing'}, expected 200"]
    for tool, package in TOOLS.items():
        if pins[package] not in re.findall(r"\d+(?:\.\d+)+", said[tool]):
            wrong.append(f"{tool} --version says {said[tool]!r}, expected {pins[package]}")
    return wrong


def _output(stage: Stage, vm: str, *argv: str) -> str:
    with stage.home.client() as client:
        lines = output_of(client.exec(vm, *argv)).decode(errors="replace").split("\n")
    return lines[0].strip()
