package banger.daemon.driver.firecracker.standin;

import static banger.daemon.driver.firecracker.standin.Shape.flag;
import static banger.daemon.driver.firecracker.standin.Shape.object;
import static banger.daemon.driver.firecracker.standin.Shape.oneOf;
import static banger.daemon.driver.firecracker.standin.Shape.text;
import static banger.daemon.driver.firecracker.standin.Shape.whole;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the API that banger may use, by their operationId, with what each takes and when it is legal. An
 * operation that is not here is answered as an unknown path, so that using a new one starts with writing its rules down.
 */
enum Operation {
    describeInstance("GET", "/", Phase.ANY, null),
    getFirecrackerVersion("GET", "/version", Phase.ANY, null),
    getMachineConfiguration("GET", "/machine-config", Phase.ANY, null),
    /** "Initializes the logger": releases refuse it after the start. */
    putLogger(
            "PUT",
            "/logger",
            Phase.BEFORE,
            object().maybe("level", oneOf("Error", "Warning", "Info", "Debug", "Trace", "Off"))
                    .maybe("log_path", text())
                    .maybe("show_level", flag())
                    .maybe("show_log_origin", flag())
                    .maybe("module", text())),
    /** {@code emit_id} and {@code properties} are of later releases than the oldest that banger takes. */
    putMetrics("PUT", "/metrics", Phase.BEFORE, object().with("metrics_path", text())),
    /** vcpu_count is checked by value, after its type: see {@link Machine}. */
    putMachineConfiguration(
            "PUT",
            "/machine-config",
            Phase.BEFORE,
            object().with("vcpu_count", whole(0, 255))
                    .with("mem_size_mib", whole(0, Long.MAX_VALUE))
                    .maybe("smt", flag())
                    .maybe("track_dirty_pages", flag())
                    .maybe("huge_pages", oneOf("None", "2M"))
                    .maybe("cpu_template", oneOf("C3", "T2", "T2S", "T2CL", "T2A", "V1N1", "None"))),
    putGuestBootSource(
            "PUT",
            "/boot-source",
            Phase.BEFORE,
            object().with("kernel_image_path", text())
                    .maybe("initrd_path", text())
                    .maybe("boot_args", text())),
    putGuestDriveByID(
            "PUT",
            "/drives/{drive_id}",
            Phase.BEFORE,
            object().with("drive_id", text())
                    .with("is_root_device", flag())
                    .maybe("partuuid", text())
                    .maybe("cache_type", oneOf("Unsafe", "Writeback"))
                    .maybe("is_read_only", flag())
                    .maybe("path_on_host", text())
                    .maybe("rate_limiter", rateLimiter())
                    .maybe("io_engine", oneOf("Sync", "Async"))
                    .maybe("socket", text())),
    patchGuestDriveByID(
            "PATCH",
            "/drives/{drive_id}",
            Phase.AFTER,
            object().with("drive_id", text()).maybe("path_on_host", text()).maybe("rate_limiter", rateLimiter())),
    putGuestNetworkInterfaceByID(
            "PUT",
            "/network-interfaces/{iface_id}",
            Phase.BEFORE,
            object().with("iface_id", text())
                    .with("host_dev_name", text())
                    .maybe("guest_mac", text())
                    .maybe("rx_rate_limiter", rateLimiter())
                    .maybe("tx_rate_limiter", rateLimiter())),
    putGuestVsock(
            "PUT",
            "/vsock",
            Phase.BEFORE,
            object().with("guest_cid", whole(3, 0xffff_ffffL))
                    .with("uds_path", text())
                    .maybe("vsock_id", text())),
    putEntropyDevice("PUT", "/entropy", Phase.BEFORE, object().maybe("rate_limiter", rateLimiter())),
    putBalloon(
            "PUT",
            "/balloon",
            Phase.BEFORE,
            object().with("amount_mib", whole(0, 0xffff_ffffL))
                    .with("deflate_on_oom", flag())
                    .maybe("stats_polling_interval_s", whole(0, 65_535))),
    patchBalloon("PATCH", "/balloon", Phase.AFTER, object().with("amount_mib", whole(0, 0xffff_ffffL))),
    /** Legal before or after the start by its type: see {@link Machine}. */
    createSyncAction(
            "PUT",
            "/actions",
            Phase.ANY,
            object().with("action_type", oneOf("FlushMetrics", "InstanceStart", "SendCtrlAltDel"))),
    patchVm("PATCH", "/vm", Phase.AFTER, object().with("state", oneOf("Paused", "Resumed"))),
    createSnapshot(
            "PUT",
            "/snapshot/create",
            Phase.AFTER,
            object().with("mem_file_path", text())
                    .with("snapshot_path", text())
                    .maybe("snapshot_type", oneOf("Full", "Diff"))),
    loadSnapshot(
            "PUT",
            "/snapshot/load",
            Phase.BEFORE,
            object().with("snapshot_path", text())
                    .maybe("mem_file_path", text())
                    .maybe(
                            "mem_backend",
                            object().with("backend_type", oneOf("File", "Uffd")).with("backend_path", text()))
                    .maybe("enable_diff_snapshots", flag())
                    .maybe("resume_vm", flag())
                    .maybe(
                            "network_overrides",
                            new Shape.Many(object().with("iface_id", text()).with("host_dev_name", text()))));

    /** When an operation is legal. */
    enum Phase {
        BEFORE,
        AFTER,
        ANY
    }

    final String method;
    private final String path;
    final Phase phase;
    final Shape.@Nullable Fields body;

    Operation(String method, String path, Phase phase, Shape.@Nullable Fields body) {
        this.method = method;
        this.path = path;
        this.phase = phase;
        this.body = body;
    }

    static Optional<Operation> of(String method, String path) {
        return Arrays.stream(values())
                .filter(each -> each.method.equals(method) && each.matches(path))
                .findFirst();
    }

    /** The name of the path's last segment where it stands for an id, such as {@code drive_id}. */
    @Nullable
    String idField() {
        int brace = path.indexOf('{');
        return brace < 0 ? null : path.substring(brace + 1, path.length() - 1);
    }

    private boolean matches(String actual) {
        int brace = path.indexOf('{');
        return brace < 0
                ? path.equals(actual)
                : actual.startsWith(path.substring(0, brace)) && actual.indexOf('/', brace) < 0;
    }

    /** The body as an object of this operation's shape, its id that of the path. */
    void check(String actualPath, Map<?, ?> given) throws Fault {
        Shape.Fields shape = body;
        if (shape == null) {
            return;
        }
        shape.check("body", given);
        String id = idField();
        if (id != null) {
            String inPath = actualPath.substring(actualPath.lastIndexOf('/') + 1);
            // Releases: ids are letters, digits and underscores.
            if (!inPath.matches("[A-Za-z0-9_]+")) {
                throw new Fault("API Resource IDs can only contain alphanumeric characters and underscores.");
            }
            // Releases: one id in the path, the same in the body.
            if (!inPath.equals(given.get(id))) {
                throw new Fault("The id from the path does not match the id from the body!");
            }
        }
    }

    /** Definitions RateLimiter and TokenBucket. */
    private static Shape.Fields rateLimiter() {
        Shape.Fields bucket = object().with("size", whole(0, Long.MAX_VALUE))
                .with("refill_time", whole(0, Long.MAX_VALUE))
                .maybe("one_time_burst", whole(0, Long.MAX_VALUE));
        return object().maybe("bandwidth", bucket).maybe("ops", bucket);
    }
}
