package banger.daemon.driver.firecracker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of one VM's Firecracker process.
 *
 * <p>The process works in the VM's folder and is told names relative to it, so that a snapshot holds no other. Its
 * sockets lie in the runtime folder, where their paths are short and a reboot takes them away: the link {@code run} in
 * the VM's folder leads there. In a jail it is the other way round.
 *
 * @param folder the VM's folder
 * @param runtime the folder of its sockets
 * @param jail the folder in which the jailer makes its root, where it has one
 */
record FirecrackerFiles(Path folder, Path runtime, Path jail) {
    /** The port of the host that the guest's agent connects to (docs/guest-protocol.md). */
    static final int AGENT_PORT = 1024;

    static final String API_SOCKET = "run/api.sock";
    static final String VSOCK = "run/vsock.sock";
    static final String LOG = "vmm.log";
    static final String METRICS = "metrics.json";
    /** Where a process puts its snapshot, before it is moved to its place. */
    static final String FROZEN_MEMORY = "frozen.mem";

    static final String FROZEN_STATE = "frozen.state";

    Path apiSocket() {
        return runtime.resolve("api.sock");
    }

    /** Where Firecracker takes connections to the guest; banger makes none. */
    Path vsock() {
        return runtime.resolve("vsock.sock");
    }

    /** Where Firecracker connects when the guest connects to {@link #AGENT_PORT}: the name is its rule for PUT /vsock. */
    Path agentSocket() {
        return runtime.resolve("vsock.sock_" + AGENT_PORT);
    }

    /** Made before the process and removed after it, so that a daemon knows after a crash that there may be one. */
    Path pidFile() {
        return folder.resolve("firecracker.pid");
    }

    Path log() {
        return folder.resolve(LOG);
    }

    Path metrics() {
        return folder.resolve(METRICS);
    }

    /** The guest's serial console, and what Firecracker says before it has a log. */
    Path console() {
        return folder.resolve("console.log");
    }

    /** The process opens its logs; older releases do not make them. */
    void makeLogs() throws IOException {
        for (Path file : List.of(log(), metrics())) {
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
        }
    }

    /** Removes the sockets of a dead process, which a new one would stumble over; idempotent. */
    void clear() throws IOException {
        for (Path file : List.of(apiSocket(), vsock(), agentSocket())) {
            Files.deleteIfExists(file);
        }
    }
}
