package banger.wire.rpc;

import banger.wire.rpc.WorkspaceMessages.WorkspaceView;
import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages about VMs. */
public final class VmMessages {
    private VmMessages() {}

    /** A name, an id, or a prefix of either that fits one VM. */
    @Json
    public record VmRef(String vm) {
        public VmRef {
            Required.field("vm", vm);
        }
    }

    /** A port of the guest published on the host; {@code hostPort} 0 lets the daemon choose. */
    @Json
    public record Publish(String hostAddress, int hostPort, int guestPort) {}

    /**
     * Null or empty fields take the configured defaults; sizes are bytes; {@code cold} leaves templates alone.
     *
     * @param untilBooted whether the operation ends only when the guest's init has finished its start
     */
    @Json
    public record CreateVm(
            @Nullable String name,
            @Nullable String image,
            @Nullable Integer vcpus,
            @Nullable Long memoryBytes,
            @Nullable Long diskBytes,
            @Nullable String network,
            @Nullable List<Publish> publish,
            @Nullable Boolean cold,
            @Nullable Boolean autostart,
            @Nullable Boolean untilBooted) {
        public CreateVm {
            if (publish != null) {
                Required.list("publish", publish);
            }
        }
    }

    /** {@code cold}: a suspended VM's memory is given up, and it boots. */
    @Json
    public record StartVm(String vm, @Nullable Boolean cold) {
        public StartVm {
            Required.field("vm", vm);
        }
    }

    /** {@code graceSeconds} null: the configured grace period, after which the VM is forced off. */
    @Json
    public record StopVm(String vm, @Nullable Integer graceSeconds) {
        public StopVm {
            Required.field("vm", vm);
        }
    }

    /**
     * {@code kernel} is a kernel's id, or empty: that of the VM's image; {@code publish} takes the place of all that was
     * published. Null fields stay as they are.
     */
    @Json
    public record SetVm(
            String vm,
            @Nullable String kernel,
            @Nullable Boolean autostart,
            @Nullable List<Publish> publish) {
        public SetVm {
            Required.field("vm", vm);
        }
    }

    /** {@code kernel} is the VM's own, or null: that of its image. {@code state}: {@code creating starting running freezing suspended resuming pooled stopping stopped deleting broken}. */
    @Json
    public record VmView(
            String id,
            String name,
            String state,
            @Nullable String broken,
            String image,
            int vcpus,
            long memoryBytes,
            long diskBytes,
            String driver,
            String network,
            List<Publish> publish,
            @Nullable WorkspaceView workspace,
            @Nullable Long pid,
            String createdAt,
            @Nullable String startedAt,
            long usedDiskBytes,
            @Nullable String kernel,
            boolean autostart) {}

    @Json
    public record VmList(List<VmView> vms) {}

    /**
     * The running VMs whose agents do not answer within three seconds.
     *
     * @param running how many run
     * @param names of the silent ones
     */
    @Json
    public record SilentVms(int running, List<String> names) {}

    /** What the host and the guest measure now; the guest's part is null while it does not answer. */
    @Json
    public record VmStats(
            String name,
            long cpuMillis,
            long residentBytes,
            long diskBytes,
            @Nullable GuestStats guest) {}

    @Json
    public record GuestStats(
            long uptimeMillis,
            double load1,
            long memoryTotalBytes,
            long memoryAvailableBytes,
            long rootTotalBytes,
            long rootUsedBytes,
            long workTotalBytes,
            long workUsedBytes,
            long tasks) {}

    /** The last {@code lines} of the console log (null: all of it). */
    @Json
    public record Logs(String vm, @Nullable Integer lines, boolean follow) {
        public Logs {
            Required.field("vm", vm);
        }
    }

    /**
     * A command to run.
     *
     * @param env {@code NAME=value} each
     * @param stdin whether the client will send DATA
     * @param workspace whether it runs in the VM's workspace where it has one: {@code cwd} null is then the workspace's
     *     folder, and the reply tells what is out of date
     * @param mise whether {@code mise exec --} stands before it where the guest has mise
     */
    @Json
    public record Exec(
            String vm,
            List<String> argv,
            @Nullable List<String> env,
            @Nullable String cwd,
            @Nullable String user,
            boolean tty,
            boolean stdin,
            int columns,
            int rows,
            boolean workspace,
            boolean mise) {
        public Exec {
            Required.field("vm", vm);
            Required.list("argv", argv);
            if (env != null) {
                Required.list("env", env);
            }
        }

        /** One that knows neither workspace nor mise. */
        public static Exec plain(String vm, List<String> argv, @Nullable String cwd, boolean stdin) {
            return new Exec(vm, argv, List.of(), cwd, null, false, stdin, 0, 0, false, false);
        }

        /** The same on a terminal of that size. */
        public Exec onTerminal(List<String> environment, int width, int height) {
            return new Exec(vm, argv, environment, cwd, user, true, stdin, width, height, workspace, mise);
        }
    }

    /** The connection carries frames of this channel from here on. */
    @Json
    public record StreamOpened(
            int channel, long pid, @Nullable String notice) {
        /** Without anything to say. */
        public static StreamOpened of(int channel, long pid) {
            return new StreamOpened(channel, pid, null);
        }
    }
}
