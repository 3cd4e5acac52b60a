"""Import of a root file system of 300 MB, against unpacking it and making an ext4 file of it."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from measure import Row, Target, interleaved
from stage import Stage

BYTES = 300 << 20
NAME = "bench-import"


def rows(stage: Stage) -> list[Row]:
    folder = stage.home.root / "import"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        archive = _archive(stage, folder)
        samples, floor = interleaved(
            stage.effort.daemon, lambda: _import_ms(stage, archive), lambda: _floor_ms(folder, archive)
        )
        note = f"{archive.stat().st_size >> 20} MiB, load {os.getloadavg()[0]:.0f}"
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=True)
    return [Row("import of a root file system", "ms", samples, floor, "tar x and mke2fs -d", Target(2), note)]


def _archive(stage: Stage, folder: Path) -> Path:
    """The debian image's lowest layer as a tar, made up to the size with bytes that no compressor likes."""
    with stage.home.client() as client:
        image = client.call("image.show", image="debian")
    layer = stage.home.data / "layers" / f"{image['layers'][0]['digest']}.ext4"
    root = folder / "root"
    root.mkdir()
    subprocess.run(["debugfs", "-R", f"rdump / {root}", str(layer)], check=True, capture_output=True)
    shutil.rmtree(root / "lost+found", ignore_errors=True)
    archive = folder / "rootfs.tar"
    missing = BYTES - int(subprocess.check_output(["du", "-sb", str(root)]).split()[0])
    with open(root / "padding", "wb") as padding:
        while missing > 0:
            padding.write(os.urandom(min(missing, 1 << 20)))
            missing -= 1 << 20
    subprocess.run(["tar", "-C", str(root), "-cf", str(archive), "."], check=True)
    subprocess.run(["rm", "-rf", str(root)], check=True)
    return archive


def _import_ms(stage: Stage, archive: Path) -> float:
    os.sync()
    with stage.home.client() as client:
        begin = time.perf_counter()
        client.finish("image.import", path=str(archive), name=NAME)
        elapsed = time.perf_counter() - begin
    with stage.home.client() as client:
        client.call("image.delete", image=NAME)
    return elapsed * 1000


def _floor_ms(folder: Path, archive: Path) -> float:
    os.sync()
    root, disk = folder / "floor", folder / "floor.ext4"
    begin = time.perf_counter()
    root.mkdir()
    subprocess.run(["tar", "-C", str(root), "-xf", str(archive)], check=True)
    with open(disk, "wb") as file:
        file.truncate(2 * BYTES)
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-d", str(root), str(disk)], check=True, capture_output=True)
    elapsed = time.perf_counter() - begin
    subprocess.run(["rm", "-rf", str(root), str(disk)], check=True)
    return elapsed * 1000
