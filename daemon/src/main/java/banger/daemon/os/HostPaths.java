package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every folder and file name that banger has on the host (docs/on-disk.md).
 *
 * @param config settings and SSH keys
 * @param state the database and logs
 * @param data images, kernels and VMs
 * @param cache what can be fetched or made again
 * @param runtime sockets and locks
 */
public record HostPaths(Path config, Path state, Path data, Path cache, Path runtime) {
    /** The kernel's limit on a unix socket's path: 108 bytes with the closing NUL. */
    public static final int MAX_SOCKET_PATH_BYTES = 107;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** The XDG base folders of this environment, with banger's folder in each. */
    public static HostPaths of(Map<String, String> environment, long uid) {
        Path home = Path.of(environment.getOrDefault("HOME", "/"));
        return new HostPaths(
                base(environment.get("XDG_CONFIG_HOME"), home.resolve(".config")),
                base(environment.get("XDG_STATE_HOME"), home.resolve(".local/state")),
                base(environment.get("XDG_DATA_HOME"), home.resolve(".local/share")),
                base(environment.get("XDG_CACHE_HOME"), home.resolve(".cache")),
                runtime(environment.get("XDG_RUNTIME_DIR"), uid));
    }

    /** The paths of this process's own environment and user. */
    public static HostPaths ofThisProcess() {
        return of(System.getenv(), uid());
    }

    private static Path base(@Nullable String variable, Path fallback) {
        // The XDG specification: a relative path is to be ignored.
        return (variable != null && variable.startsWith("/") ? Path.of(variable) : fallback).resolve("banger");
    }

    private static Path runtime(@Nullable String variable, long uid) {
        if (variable != null && variable.startsWith("/")) {
            return Path.of(variable, "banger");
        }
        Path login = Path.of("/run/user/" + uid);
        return Files.isWritable(login) ? login.resolve("banger") : Path.of("/tmp/banger-" + uid);
    }

    static long uid() {
        try {
            return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        } catch (IOException e) {
            throw new IllegalStateException("/proc/self cannot be read", e);
        }
    }

    public Path configFile() {
        return config.resolve("config.toml");
    }

    /** SSH keys, and what the host's ssh reads about VMs. */
    public Path ssh() {
        return config.resolve("ssh");
    }

    /** The key with which the user logs in to guests, where the settings name no other; with {@code .pub} beside it. */
    public Path sshKey() {
        return ssh().resolve("id_ed25519");
    }

    /** The host keys of all VMs. */
    public Path sshKnownHosts() {
        return ssh().resolve("known_hosts");
    }

    /** A host for each VM, for inclusion in the user's own ssh configuration. */
    public Path sshConfig() {
        return ssh().resolve("config");
    }

    public Path database() {
        return state.resolve("banger.db");
    }

    public Path daemonLog() {
        return state.resolve("bangerd.log");
    }

    public Path daemonLock() {
        return state.resolve("bangerd.lock");
    }

    /** The id of the host's boot in which this store was last served. */
    public Path lastBoot() {
        return state.resolve("boot-id");
    }

    public Path socket() {
        return runtime.resolve("bangerd.sock");
    }

    /** What the steps of an image's last build said. */
    public Path buildLog(String image) {
        return state.resolve("builds").resolve(image + ".log");
    }

    public Path layer(String digest) {
        return data.resolve("layers").resolve(digest + ".ext4");
    }

    public Path workSeed(String digest) {
        return data.resolve("seeds").resolve(digest + ".ext4");
    }

    /** Preformatted, empty root disks by size in bytes. */
    public Path blankDisk(long bytes) {
        return data.resolve("blank").resolve(bytes + ".ext4");
    }

    /** Empty overlays, by what each lies on and its size in bytes. */
    public Path blankOverlay(String below, long bytes) {
        return data.resolve("blank").resolve(below + "-" + bytes + ".qcow2");
    }

    /** Chunks of images that are being pulled, by digest. */
    public Path pulled() {
        return cache.resolve("pull");
    }

    public Path kernels() {
        return data.resolve("kernels");
    }

    public Path templates() {
        return data.resolve("templates");
    }

    public Path template(String digest) {
        return templates().resolve(digest);
    }

    /** All of a VM's files: disks, console log, the VMM's log. */
    public Path vm(String id) {
        return data.resolve("vms").resolve(id);
    }

    /** What the host keeps of the workspace in a VM. */
    public Path workspaces(String vm) {
        return vm(vm).resolve("workspace");
    }

    /** The points to which a VM can be taken back, a folder each. */
    public Path snapshots(String vm) {
        return vm(vm).resolve("snapshots");
    }

    /** What a VM's guest wrote on its console. */
    public Path console(String id) {
        return vm(id).resolve("console.log");
    }

    /** A VM's SSH host key; with {@code .pub} beside it. */
    public Path hostKey(String id) {
        return vm(id).resolve("ssh_host_key");
    }

    /** Every log of a VM: its console's, what its VMM says, what its VMM counts; not all drivers write all. */
    public List<Path> vmLogs(String id) {
        return List.of(console(id), vm(id).resolve("vmm.log"), vm(id).resolve("metrics.json"));
    }

    /** What a jailed VMM of a VM has for its root; on the file system of its disks, which it has by links. */
    public Path vmJail(String id) {
        return data.resolve("jails").resolve(id);
    }

    /** All VMs' sockets, a folder each. */
    public Path vmRuntimes() {
        return runtime.resolve("vm");
    }

    /** A VM's sockets; short, as a unix socket's path is bounded. */
    public Path vmRuntime(String id) {
        return vmRuntimes().resolve(id);
    }

    /** As long a path as that of any socket will be: of a Firecracker's guest that connects to the agent's port. */
    public Path longestSocket() {
        return vmRuntime("00000000-0000-0000-0000-000000000000").resolve("vsock.sock_1024");
    }

    /** Files under way, on the same file system as their destination. */
    public Path scratch() {
        return data.resolve("tmp");
    }

    /** Makes the folders, for the user alone, and checks that sockets fit. @throws Problem where it cannot be */
    public HostPaths prepare() {
        try {
            for (Path folder : new Path[] {config, ssh(), state, data, cache, runtime, scratch()}) {
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            }
            // The first log of a daemon that the CLI starts may have made them with the user's umask.
            for (Path folder : new Path[] {state, data, runtime}) {
                Files.setPosixFilePermissions(folder, OWNER_ONLY);
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot make banger's folders: " + Reason.of(e), "banger doctor", e);
        }
        checkSocketPath(longestSocket());
        return this;
    }

    private static void checkSocketPath(Path socket) {
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_SOCKET_PATH_BYTES) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "the socket path " + socket + " has " + bytes + " bytes, at most " + MAX_SOCKET_PATH_BYTES,
                    "set XDG_RUNTIME_DIR to a shorter folder, such as /run/user/UID");
        }
    }
}
