"""A banger of the benchmark's own: folders, daemon and image apart from the user's."""

import os
import subprocess
import time
from pathlib import Path

from daemon import Client, RpcFailure

IMAGE = "debian"
START_BOUND_S = 60
RETRY_S = 0.001


class Home:
    """The folders under one root, and the daemon that serves them."""

    def __init__(self, dist: Path, root: Path):
        self.dist = dist
        self.root = root
        self.data = root / "data/banger"
        self.runtime = root / "run/banger"
        self.socket = self.runtime / "bangerd.sock"
        self.log = root / "state/banger/bangerd.log"
        self.env = dict(os.environ, HOME=str(root))
        for name, folder in (("CONFIG", "config"), ("STATE", "state"), ("DATA", "data"), ("CACHE", "cache")):
            self.env[f"XDG_{name}_HOME"] = str(root / folder)
        self.env["XDG_RUNTIME_DIR"] = str(root / "run")
        self.enter: list[str] = []
        """What a daemon that is started runs by, such as a program that enters a namespace."""
        self._made = 0

    def prepare(self) -> None:
        """Starts the daemon afresh and bootstraps the image where there is none."""
        (self.root / "run").mkdir(parents=True, exist_ok=True)
        (self.root / "run").chmod(0o700)
        # A template that is made meanwhile would take the CPU from what is measured.
        self.configure("")
        self.stop_daemon()
        self.start_daemon()
        with self.client() as client:
            self._delete_all(client)
            images = client.call("image.list")["images"]
            if not any(image["name"] == IMAGE for image in images):
                print("   bootstrapping the image", flush=True)
                client.finish("image.bootstrap", name=IMAGE, force=False)

    def configure(self, settings: str) -> None:
        """What the next daemon goes by."""
        file = self.root / "config/banger/config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(settings + "\n[templates]\nautomatic = false\n")

    def close(self) -> None:
        """Deletes every VM and ends the daemon; the image stays for the next run."""
        with self.client() as client:
            self._delete_all(client)
        self.stop_daemon()

    def client(self) -> Client:
        return Client(self.socket)

    def banger(self, *words: str) -> list[str]:
        return [str(self.dist / "bin/banger"), *words]

    def start_daemon(self) -> float:
        """Starts bangerd and returns the seconds until it has answered a call."""
        begin = time.perf_counter()
        with open(os.devnull, "rb") as nothing, open(self.root / "bangerd.out", "ab") as output:
            process = subprocess.Popen(
                [*self.enter, str(self.dist / "bin/bangerd")],
                env=self.env, stdin=nothing, stdout=output, stderr=output, start_new_session=True,
            )
        while time.perf_counter() - begin < START_BOUND_S:
            try:
                with self.client() as client:
                    client.call("daemon.status")
                    return time.perf_counter() - begin
            except OSError:
                if process.poll() is not None:
                    raise RpcFailure(f"bangerd ended at once: see {self.root}/bangerd.out") from None
                time.sleep(RETRY_S)
        raise RpcFailure(f"bangerd did not answer within {START_BOUND_S} s")

    def stop_daemon(self) -> None:
        """Ends the daemon where one runs, and waits for its end; VMs go on."""
        try:
            with self.client() as client:
                client.call("daemon.stop")
                pid = client.daemon_pid
        except OSError:
            return
        while _lives(pid):
            time.sleep(RETRY_S)

    def new_name(self) -> str:
        self._made += 1
        return f"bench-{self._made}"

    def create(self, client: Client, cold: bool = True) -> str:
        """Creates a VM, which runs then, and returns its name."""
        name = self.new_name()
        client.finish("vm.create", name=name, image=IMAGE, publish=[], cold=cold)
        return name

    def vm(self, name: str) -> dict:
        with self.client() as client:
            return client.call("vm.show", vm=name)

    def folder(self, vm: dict) -> Path:
        return self.data / "vms" / vm["id"]

    @staticmethod
    def _delete_all(client: Client) -> None:
        for vm in client.call("vm.list")["vms"]:
            client.finish("vm.delete", vm=vm["id"])


def _lives(pid: int) -> bool:
    """Whether the process runs; one that is our child is taken off the table by this."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return Path(f"/proc/{pid}").exists()
