"""A repository of 5,000 files put into a VM, beside `git archive | tar` over the bare port; again; and exec in it."""

import socket
import statistics
import subprocess
import time
from pathlib import Path

import sources
from daemon import output_of
from measure import Row, Target, interleaved
from stage import Stage

BUFFER_BYTES = 1 << 16
WARM_UP = 10
# As the daemon asks git how the host's repository stands.
STATUS = ("status", "--porcelain=v2", "--branch", "--no-ahead-behind", "-z", "--no-renames", "--untracked-files=normal")


def rows(stage: Stage) -> list[Row]:
    top = sources.repository(stage.home.root / "sources", stage.jdk, stage.home.env)
    first, floor, again = _prepare(stage, top)
    return [
        Row("workspace prepare, shallow", "ms", first, floor, "git archive | tar", Target(2)),
        Row("the same again with 3 changed files", "ms", again, first, "the first", Target(0.15)),
        *_exec(stage, top),
    ]


def _prepare(stage: Stage, top: Path) -> tuple[list[float], list[float], list[float]]:
    again: list[float] = []
    count = 0

    def prepare() -> float:
        nonlocal count
        count += 1
        guest_path = f"/root/repo-{count}"
        first = _timed(lambda: _workspace(stage, top, guest_path))
        _change(stage, top, count)
        again.append(_timed(lambda: _workspace(stage, top, guest_path)))
        _in_vm(stage, "rm", "-rf", guest_path)
        return first

    def archive() -> float:
        stage.bare_guest.session.run("rm", "-rf", "/root/archive")
        return _timed(lambda: _archive(stage, top))

    interleaved(1, prepare, archive)
    again.clear()
    first, floor = interleaved(stage.effort.workspace, prepare, archive)
    return first, floor, again


def _workspace(stage: Stage, top: Path, guest_path: str) -> None:
    with stage.home.client() as client:
        name = stage.vm["name"]
        client.finish("workspace.prepare", vm=name, path=str(top), guestPath=guest_path, mode="shallow", force=False)


def _change(stage: Stage, top: Path, count: int) -> None:
    """Three files, each time others; they stay modified."""
    sources.git(top, stage.home.env, "checkout", "-q", ".")
    for number, file in enumerate(sorted(top.rglob("*.java"))[count * 3 : count * 3 + 3]):
        with open(file, "a") as text:
            text.write(f"// {count} {number}\n")


def _archive(stage: Stage, top: Path) -> None:
    guest = stage.bare_guest
    script = "mkdir /root/archive && for name in /sys/class/virtio-ports/*/name; do " \
        "[ \"$(cat $name)\" != floor.archive ] || port=/dev/$(basename $(dirname $name)); done; " \
        "exec tar -C /root/archive -xf $port"
    with guest.port("archive") as port, subprocess.Popen(
        ["git", "-C", str(top), "archive", "HEAD"], stdout=subprocess.PIPE, env=stage.home.env
    ) as git:
        channel = guest.session.start("sh", "-euc", script)
        _pump(git, port)
        status = guest.session.end(channel)
    if git.returncode != 0 or status != b"\0\0":
        raise ChildProcessError(f"git archive ended with {git.returncode}, tar with {status.hex()}")


def _pump(git: subprocess.Popen, port: socket.socket) -> None:
    while data := git.stdout.read(BUFFER_BYTES):
        port.sendall(data)


def _exec(stage: Stage, top: Path) -> list[Row]:
    sources.git(top, stage.home.env, "checkout", "-q", ".")
    _workspace(stage, top, "/root/repo")

    def plain() -> float:
        return _timed(lambda: _in_vm(stage, "/bin/true"))

    def in_workspace() -> float:
        return _timed(lambda: _in_vm(stage, "/bin/true", workspace=True, mise=True))

    words = ["git", "-C", str(top), *STATUS]

    def beside_git() -> float:
        begin = time.perf_counter()
        with subprocess.Popen(words, env=stage.home.env, stdout=subprocess.DEVNULL) as git:
            _in_vm(stage, "/bin/true")
        if git.returncode != 0:
            raise ChildProcessError(f"git status ended with {git.returncode}")
        return (time.perf_counter() - begin) * 1000

    interleaved(WARM_UP, in_workspace, beside_git)
    outside: list[float] = []

    def beside_git_and_plain() -> float:
        outside.append(plain())
        return beside_git()

    inside, floor = interleaved(stage.effort.exec, in_workspace, beside_git_and_plain)
    added = statistics.median(inside) - statistics.median(outside)
    besides = statistics.median(inside) - statistics.median(floor)
    return [
        Row("exec of true in the workspace", "ms", inside, outside, "exec without one", note=f"{added:.1f} ms added"),
        Row("exec without one, git status beside it", "ms", floor, note="git runs on the host meanwhile"),
        Row("what exec adds besides git's own", "ms", [besides], target=Target(5, of_ratio=False), note="of the medians"),
    ]


def _in_vm(stage: Stage, *argv: str, **options: bool) -> None:
    with stage.home.client() as client:
        output_of(client.exec(stage.vm["name"], *argv, **options))


def _timed(work) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000
