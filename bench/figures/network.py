"""TAP devices from the pool against made ones, and the teardown of 50 VMs' network; in a namespace of its own."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from measure import Row, Target
from stage import Stage

PROGRAM = Path(__file__).resolve().parent.parent / "NetworkBench.java"
FASTER = Target(10, at_least=True)
TAKE = re.compile(r"source=(\w+) take_us=(\d+)")
RELEASE = re.compile(r"release (\d+) (\d+)")


def rows(stage: Stage) -> list[Row]:
    if os.getuid() != 0 or not shutil.which("unshare"):
        raise SystemExit("bench: network needs root, for a network namespace of its own")
    with tempfile.TemporaryDirectory() as folder:
        line = ["unshare", "-n", str(stage.jdk / "bin/java"), "--enable-native-access=ALL-UNNAMED"]
        line += ["-cp", f"{stage.home.dist}/lib/daemon/*", str(PROGRAM), folder]
        done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=300)
    taken: dict[str, list[float]] = {"pool": [], "made": []}
    for source, microseconds in TAKE.findall(done.stderr):
        taken[source].append(int(microseconds) / 1000)
    releases = [int(took) / 1000 for count, took in RELEASE.findall(done.stdout) if count == "50"]
    # The ratio reads the other way round than elsewhere: how many times longer making takes.
    return [
        Row("making a tap device, against taking one from the pool", "ms", taken["made"], taken["pool"], "from the pool", FASTER),
        Row("network teardown of 50 VMs, one transaction", "ms", releases, note="with 50 devices given back"),
    ]
