"""Host programs, run to their end and accounted for."""

import os
import tempfile
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """What one run of a program cost."""

    wall_s: float
    cpu_s: float
    peak_bytes: int


def run(argv: list[str], env: dict[str, str]) -> Usage:
    """Runs the program with its output thrown away; a status other than 0 is an error."""
    with tempfile.TemporaryFile() as errors:
        actions = [
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
        ]
        begin = time.perf_counter()
        pid = os.posix_spawn(argv[0], argv, env, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - begin
        if status != 0:
            errors.seek(0)
            said = errors.read().decode(errors="replace")
            raise ChildProcessError(f"{' '.join(argv)} ended with {os.waitstatus_to_exitcode(status)}: {said}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def resident_bytes(pid: int, field: str = "VmRSS") -> int:
    """A size of /proc/PID/status: VmRSS now, VmHWM at its peak."""
    with open(f"/proc/{pid}/status") as lines:
        for line in lines:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    raise ProcessLookupError(f"process {pid} has no {field}")
