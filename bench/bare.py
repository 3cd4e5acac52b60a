"""The floor under a VM: the same QEMU, kernel, initramfs, disks and command line, and no banger."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from agent import BareSession
from home import Home

BOOT_BOUND_S = 120
RETRY_S = 0.001
FLOOR_MODES = ("exec", "cat", "archive")


class BareGuest:
    """A guest whose command line was read from a running VM's process, with a folder and disks of its own."""

    def __init__(self, home: Home, vm: dict, folder: Path, floor_ports: bool = False):
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        theirs = Path(f"/proc/{vm['pid']}/cmdline").read_bytes().decode().split("\0")[:-1]
        places = (str(home.folder(vm)), str(home.runtime / "vm" / vm["id"]))
        self._argv = [moved(word, places, str(folder)) for word in theirs]
        for mode in FLOOR_MODES if floor_ports else ():
            self._argv += ["-chardev", f"socket,id={mode},server=on,wait=off,path={folder}/{mode}.sock"]
            self._argv += ["-device", f"virtserialport,chardev={mode},name=floor.{mode}"]
        clone(next((home.data / "blank").glob(f"{vm['diskBytes']}.ext4")), folder / "root.ext4")
        clone(next((home.data / "seeds").glob("*.ext4")), folder / "work.ext4")

    def __enter__(self) -> "BareGuest":
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> float:
        """Starts QEMU and returns the seconds until the agent's first word."""
        begin = time.perf_counter()
        with open(self._folder / "vmm.log", "ab") as log:
            self._process = subprocess.Popen(
                self._argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, close_fds=False
            )
        self.session = BareSession(self._connect("agent.sock"))
        self.session.hello()
        return time.perf_counter() - begin

    def floor(self, program: Path, mode: str) -> socket.socket:
        """Runs port_floor in the guest, in one of its modes, and returns the host's end of that mode's port."""
        self.session.write("/run/port_floor", 0o755, program.read_bytes())
        self.session.start("/run/port_floor", f"floor.{mode}", mode)
        return self.port(mode)

    def port(self, mode: str) -> socket.socket:
        """The host's end of a floor's port."""
        return self._connect(f"{mode}.sock")

    def _connect(self, name: str) -> socket.socket:
        end = time.perf_counter() + BOOT_BOUND_S
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(BOOT_BOUND_S)
            try:
                connection.connect(str(self._folder / name))
                return connection
            except OSError:
                connection.close()
                if time.perf_counter() > end or self._process.poll() is not None:
                    raise
                time.sleep(RETRY_S)


def moved(word: str, folders: tuple[str, ...], to: str) -> str:
    for folder in folders:
        word = word.replace(folder, to)
    return word


def clone(source: Path, target: Path) -> None:
    subprocess.run(["cp", "--sparse=auto", "--reflink=auto", str(source), str(target)], check=True)
    os.chmod(target, 0o600)
