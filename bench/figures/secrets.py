"""VMs restored from one template at once: all that must be each one's own is read first thing and compared."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import process
from daemon import output_of
from measure import Row, Target
from stage import Stage

AT_ONCE = 8
IMAGE = "bench-secrets"
# Debian's own images have none of the first, and maybe none of the others.
PACKAGES = "nodejs openssl uuid-runtime"
MUST_BE_READ = {"node", "openssl", "uuidgen"}
DRAWN = (Path(__file__).resolve().parent.parent / "guest" / "drawn.py").read_text()


class Shared(Exception):
    """Two VMs have a secret in common."""


def rows(stage: Stage) -> list[Row]:
    home = stage.home
    process.run(home.banger("image", "build", IMAGE, "--from", "debian", "--install", PACKAGES), home.env)
    with home.client() as client:
        client.finish("image.warm", image=IMAGE)
    names = [stage.home.new_name() for _ in range(stage.effort.crowd)]
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            drawn = list(pool.map(lambda name: _drawn(stage, name), names))
    finally:
        _delete(stage, names)
    kinds = _all_differ(drawn)
    return [
        Row("VMs of one template at once", "", [len(drawn)], target=Target(len(names), of_ratio=False, at_least=True),
            note=f"none of {len(kinds)} values twice: {', '.join(kinds)}")
    ]


def _drawn(stage: Stage, name: str) -> list[str]:
    with stage.home.client() as client:
        view = client.finish("vm.create", name=name, image=IMAGE, publish=[], cold=False)
        if "identity" not in {each["stage"] for each in view["stages"]}:
            raise Shared(f"{name} was booted and not restored")
        return output_of(client.exec(name, "python3", "-c", DRAWN)).decode().splitlines()


def _all_differ(drawn: list[list[str]]) -> list[str]:
    """The names of what was compared; a value that occurs twice anywhere is an error."""
    seen: dict[str, int] = {}
    for number, lines in enumerate(drawn):
        for line in lines:
            if line in seen:
                raise Shared(f"VMs {seen[line]} and {number} have the same {line}")
            seen[line] = number
    kinds = [[line.partition(":")[0] for line in lines] for lines in drawn]
    if any(each != kinds[0] for each in kinds):
        raise Shared("the VMs printed different things")
    if not MUST_BE_READ <= set(kinds[0]):
        raise Shared(f"of {', '.join(sorted(MUST_BE_READ))} only {', '.join(kinds[0])} could be read")
    return kinds[0]


def _delete(stage: Stage, names: list[str]) -> None:
    with stage.home.client() as client:
        there = {vm["name"] for vm in client.call("vm.list")["vms"]}
        for name in names:
            if name in there:
                client.finish("vm.delete", vm=name)
