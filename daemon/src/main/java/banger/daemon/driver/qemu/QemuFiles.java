package banger.daemon.driver.qemu;

import java.nio.file.Path;

/** The files of one VM's QEMU process. */
record QemuFiles(Path folder, Path runtime) {
    Path agentSocket() {
        return runtime.resolve("agent.sock");
    }

    Path monitorSocket() {
        return runtime.resolve("qmp.sock");
    }

    Path migrationSocket() {
        return runtime.resolve("move.sock");
    }

    Path pidFile() {
        return runtime.resolve("qemu.pid");
    }

    Path log() {
        return folder.resolve("vmm.log");
    }

    Path console() {
        return folder.resolve("console.log");
    }
}
