package banger.daemon.driver.firecracker.standin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state behind the API: what was configured, whether it was started, and what that allows. */
final class Machine {
    private static final int MAX_VCPUS = 32;
    /** Releases: x86's interrupt lines 5 to 23, one for each device. */
    private static final int MAX_DEVICES = 19;

    private enum State {
        NOT_STARTED("Not started"),
        RUNNING("Running"),
        PAUSED("Paused");

        final String word;

        State(String word) {
            this.word = word;
        }
    }

    private final String id;
    private final String version;
    private Map<String, Object> machine = Map.of("vcpu_count", 1, "mem_size_mib", 128);
    private @Nullable Map<String, Object> boot;
    private final Map<String, Map<String, Object>> drives = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> networks = new LinkedHashMap<>();
    private @Nullable Map<String, Object> vsock;
    private @Nullable Map<String, Object> balloon;
    private boolean entropy;
    private boolean metrics;
    /** Whether anything but logger and metrics was configured. */
    private boolean touched;

    private State state = State.NOT_STARTED;
    private @Nullable Guest guest;
    private @Nullable ServerSocketChannel vsockListener;

    Machine(String id, String version) {
        this.id = id;
        this.version = version;
    }

    /** Carries the operation out; returns its answer's body, or null for 204. */
    synchronized @Nullable Object perform(Operation operation, Map<String, Object> body) throws Fault {
        if (operation.phase == Operation.Phase.BEFORE && state != State.NOT_STARTED) {
            throw new Fault(Fault.STARTED);
        }
        if (operation.phase == Operation.Phase.AFTER && state == State.NOT_STARTED) {
            throw new Fault(Fault.NOT_STARTED);
        }
        switch (operation) {
            case describeInstance -> {
                return Map.of("id", id, "state", state.word, "vmm_version", version, "app_name", "Firecracker");
            }
            case getFirecrackerVersion -> {
                return Map.of("firecracker_version", version);
            }
            case getMachineConfiguration -> {
                return machine;
            }
            case putLogger -> writable("Logger error", body.get("log_path"));
            case putMetrics -> putMetrics(body);
            case putMachineConfiguration -> putMachine(body);
            case putGuestBootSource -> putBoot(body);
            case putGuestDriveByID -> putDrive(body);
            case putGuestNetworkInterfaceByID -> putNetwork(body);
            case putGuestVsock -> putVsock(body);
            case putEntropyDevice -> entropy = true;
            case putBalloon -> putBalloon(body);
            case createSyncAction -> act(text(body, "action_type"));
            case patchVm -> become(text(body, "state").equals("Paused") ? State.PAUSED : State.RUNNING);
            case patchGuestDriveByID -> patchDrive(body);
            case patchBalloon -> patchBalloon(body);
            case createSnapshot -> createSnapshot(body);
            case loadSnapshot -> loadSnapshot(body);
        }
        touched |= operation.phase == Operation.Phase.BEFORE
                && operation != Operation.putLogger
                && operation != Operation.putMetrics;
        return null;
    }

    /** putMetrics: "cannot be initialized due to bad input request or metrics system already initialized". */
    private void putMetrics(Map<String, Object> body) throws Fault {
        if (metrics) {
            throw new Fault(
                    "Metrics error: Cannot initialize the metrics system: Reinitialization of metrics not allowed.");
        }
        writable("Metrics error", body.get("metrics_path"));
        metrics = true;
    }

    /** putMachineConfiguration: vCPUs in [1, 32]; with SMT 1 or an even number; an even size with 2M pages. */
    private void putMachine(Map<String, Object> body) throws Fault {
        long vcpus = number(body, "vcpu_count");
        boolean smt = Boolean.TRUE.equals(body.get("smt"));
        if (vcpus < 1 || vcpus > MAX_VCPUS || smt && vcpus > 1 && vcpus % 2 == 1) {
            throw new Fault("Machine config error: The number of vCPUs must be greater than 0, less than 32 and must be"
                    + " 1 or an even number if SMT is enabled.");
        }
        long mib = number(body, "mem_size_mib");
        if (mib == 0 || "2M".equals(body.get("huge_pages")) && mib % 2 == 1) {
            throw new Fault("Machine config error: The memory size (MiB) is either 0, or not a multiple of the"
                    + " configured page size.");
        }
        machine = body;
    }

    /** putGuestBootSource: the files are opened at once. */
    private void putBoot(Map<String, Object> body) throws Fault {
        Path kernel = Path.of(text(body, "kernel_image_path"));
        if (!Files.isReadable(kernel)) {
            throw new Fault("Boot source error: The kernel file cannot be opened: " + noFile());
        }
        if (body.get("initrd_path") instanceof String initrd && !Files.isReadable(Path.of(initrd))) {
            throw new Fault("Boot source error: The initrd file cannot be opened due to invalid path or invalid"
                    + " permissions. " + noFile());
        }
        boot = body;
    }

    /** putGuestDriveByID: is_read_only and path_on_host "required for virtio-block"; socket for vhost-user only. */
    private void putDrive(Map<String, Object> body) throws Fault {
        String drive = text(body, "drive_id");
        if (!(body.get("path_on_host") instanceof String path)
                || body.get("is_read_only") == null
                || body.get("socket") != null) {
            throw new Fault("Drive config error: Running method expected different backend.");
        }
        boolean readOnly = Boolean.TRUE.equals(body.get("is_read_only"));
        if (!(readOnly ? Files.isReadable(Path.of(path)) : Files.isWritable(Path.of(path)))) {
            throw new Fault("Drive config error: Unable to create the virtio block device: Virtio backend error:"
                    + " Error manipulating the backing file: " + noFile() + " " + path);
        }
        boolean root = Boolean.TRUE.equals(body.get("is_root_device"));
        if (root && drives.values().stream().anyMatch(each -> Boolean.TRUE.equals(each.get("is_root_device")))) {
            throw new Fault("Drive config error: A root block device already exists!");
        }
        drives.put(drive, body);
    }

    /** putGuestNetworkInterfaceByID: "Creates new network interface with ID specified"; releases: no two with one MAC. */
    private void putNetwork(Map<String, Object> body) throws Fault {
        String name = text(body, "iface_id");
        Object address = body.get("guest_mac");
        boolean taken = networks.entrySet().stream()
                .anyMatch(other -> !other.getKey().equals(name)
                        && address != null
                        && address.equals(other.getValue().get("guest_mac")));
        if (taken) {
            throw new Fault("Network config error: The MAC address is already in use: " + address);
        }
        networks.put(name, body);
    }

    /** putGuestVsock: "Firecracker will create this socket, bind and listen on it". */
    private void putVsock(Map<String, Object> body) throws Fault {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(text(body, "uds_path")));
            vsockListener = listener;
        } catch (IOException e) {
            throw new Fault("Vsock config error: Cannot create backend for vsock device: Error binding to the host-side"
                    + " Unix socket: " + e.getMessage());
        }
        vsock = body;
    }

    /** putBalloon: "Will fail if update is not possible"; releases: not more than the machine's memory. */
    private void putBalloon(Map<String, Object> body) throws Fault {
        if (number(body, "amount_mib") > number(machine, "mem_size_mib")) {
            throw new Fault("Balloon config error: Amount of pages requested cannot be greater than the memory size.");
        }
        balloon = body;
    }

    private void patchBalloon(Map<String, Object> body) throws Fault {
        if (balloon == null) {
            throw new Fault("Balloon update error: No balloon device found.");
        }
        if (number(body, "amount_mib") > number(machine, "mem_size_mib")) {
            throw new Fault("Balloon update error: Amount of pages requested cannot be greater than the memory size.");
        }
    }

    private void patchDrive(Map<String, Object> body) throws Fault {
        if (!drives.containsKey(text(body, "drive_id"))) {
            throw new Fault("Drive update error: Unable to find the device.");
        }
        if (body.get("path_on_host") instanceof String path && !Files.isReadable(Path.of(path))) {
            throw new Fault("Drive update error: Unable to patch the block device: " + noFile());
        }
        // patchGuestDriveByID: what is named is updated, the rest stays.
        var updated = new LinkedHashMap<>(drives.get(text(body, "drive_id")));
        updated.putAll(body);
        drives.put(text(body, "drive_id"), updated);
    }

    /** createSyncAction with each of its types. */
    private void act(String type) throws Fault {
        if (type.equals("InstanceStart")) {
            if (state != State.NOT_STARTED) {
                throw new Fault(Fault.STARTED);
            }
            start();
        } else if (state == State.NOT_STARTED) {
            throw new Fault(Fault.NOT_STARTED);
        }
    }

    private void start() throws Fault {
        Map<String, Object> source = boot;
        if (source == null) {
            throw new Fault("Start microvm error: Cannot start microvm without kernel configuration.");
        }
        int devices = drives.size()
                + networks.size()
                + (vsock == null ? 0 : 1)
                + (balloon == null ? 0 : 1)
                + (entropy ? 1 : 0);
        if (devices > MAX_DEVICES) {
            throw new Fault("Start microvm error: Cannot register MMIO device: no more IRQs are available.");
        }
        guest = Guest.boot(source, new ArrayList<>(drives.values()), vsockPath());
        state = State.RUNNING;
    }

    /** patchVm: sets the desired state; the same one again is no error. */
    private void become(State next) {
        state = next;
        if (guest != null) {
            guest.paused(next == State.PAUSED);
        }
    }

    /** createSnapshot: "The microVM should be in the Paused state". */
    private void createSnapshot(Map<String, Object> body) throws Fault {
        if (state != State.PAUSED) {
            throw new Fault("Create snapshot error: Cannot save the microVM state: Operation not allowed: save/restore"
                    + " unavailable while running");
        }
        if ("Diff".equals(body.get("snapshot_type")) && !Boolean.TRUE.equals(machine.get("track_dirty_pages"))) {
            throw new Fault(
                    "Create snapshot error: Diff snapshots are not allowed on uVMs with dirty page tracking disabled.");
        }
        var resources =
                new Snapshot(machine, boot, List.copyOf(drives.values()), List.copyOf(networks.values()), vsock);
        try {
            Files.writeString(Path.of(text(body, "snapshot_path")), resources.toJson());
            Files.writeString(
                    Path.of(text(body, "mem_file_path")),
                    "memory of " + id + "\n" + (guest == null ? "-\n-\n" : guest.memory()));
        } catch (IOException e) {
            throw new Fault("Create snapshot error: Cannot perform i/o on a file: " + e.getMessage());
        }
    }

    /** loadSnapshot: "Only accepted on a fresh Firecracker process"; exactly one of the two memory fields. */
    private void loadSnapshot(Map<String, Object> body) throws Fault {
        boolean backend = body.get("mem_backend") != null;
        if (backend == (body.get("mem_file_path") != null)) {
            throw Fault.json(
                    backend
                            ? "too many fields: either `mem_backend` or `mem_file_path` exclusively is required"
                            : "missing field: either `mem_backend` or `mem_file_path` is required");
        }
        if (touched) {
            throw new Fault(
                    "Load snapshot error: Loading a microVM snapshot not allowed after configuring boot-specific resources.");
        }
        try {
            restore(body);
        } catch (IOException | Fault e) {
            // Releases: a process whose restore failed is too dirty to go on.
            StandIn.endSoon(1);
            throw new Fault("Load snapshot error: Failed to restore from snapshot: " + e.getMessage());
        }
        become(Boolean.TRUE.equals(body.get("resume_vm")) ? State.RUNNING : State.PAUSED);
    }

    private void restore(Map<String, Object> body) throws IOException, Fault {
        Object memory = body.get("mem_backend") instanceof Map<?, ?> named
                ? named.get("backend_path")
                : body.get("mem_file_path");
        String content = Files.readString(Path.of(String.valueOf(memory)));
        if (!content.startsWith("memory of ")) {
            throw new IOException("not the memory of a snapshot");
        }
        Snapshot kept = Snapshot.fromJson(Files.readString(Path.of(text(body, "snapshot_path"))));
        machine = kept.machine();
        boot = kept.boot();
        for (Map<String, Object> drive : kept.drives()) {
            putDrive(drive);
        }
        kept.networks().forEach(each -> networks.put(text(each, "iface_id"), each));
        // Definition NetworkOverride: "the name of the interface to modify".
        if (body.get("network_overrides") instanceof List<?> overrides) {
            for (Object each : overrides) {
                Map<?, ?> override = (Map<?, ?>) each;
                Map<String, Object> device = networks.get(String.valueOf(override.get("iface_id")));
                if (device == null) {
                    throw new Fault("Unknown Network Device");
                }
                Map<String, Object> renamed = new LinkedHashMap<>(device);
                renamed.put("host_dev_name", override.get("host_dev_name"));
                networks.put(text(device, "iface_id"), renamed);
            }
        }
        if (kept.vsock() != null) {
            putVsock(kept.vsock());
        }
        guest = Guest.restored(vsockPath(), content);
    }

    private @Nullable String vsockPath() {
        return vsock == null ? null : text(vsock, "uds_path");
    }

    /** putLogger, putMetrics: "a named pipe or a file"; a banger makes it first, as older releases wanted. */
    private static void writable(String error, @Nullable Object path) throws Fault {
        if (path != null && !Files.isWritable(Path.of(path.toString()))) {
            throw new Fault(error + ": Failed to open target file: " + noFile());
        }
    }

    private static String noFile() {
        return "No such file or directory (os error 2)";
    }

    private static String text(Map<String, Object> body, String field) {
        return String.valueOf(body.get(field));
    }

    private static long number(Map<String, Object> body, String field) {
        return ((Number) body.get(field)).longValue();
    }
}
