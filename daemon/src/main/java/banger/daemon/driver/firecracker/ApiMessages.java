package banger.daemon.driver.firecracker;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of Firecracker's API, by the names of its description; null leaves a field out.
 *
 * <p>A field that newer releases only know, or that banger has no use for, is not here: older ones refuse what they do
 * not know.
 */
final class ApiMessages {
    private ApiMessages() {}

    /** PUT /machine-config. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record MachineConfiguration(int vcpuCount, long memSizeMib, boolean smt, boolean trackDirtyPages) {}

    /** PUT /boot-source. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record BootSource(String kernelImagePath, String initrdPath, String bootArgs) {}

    /** PUT /drives/ID. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Drive(
            String driveId,
            String pathOnHost,
            boolean isRootDevice,
            boolean isReadOnly,
            String cacheType,
            @Nullable RateLimiter rateLimiter) {
        /** A flush of the guest's reaches the host's disk; {@code Unsafe}, the default, would lose what it promised. */
        static final String WRITEBACK = "Writeback";
    }

    /** PATCH /drives/ID: the same path again makes Firecracker look at the file's length anew. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record DriveUpdate(
            String driveId,
            @Nullable String pathOnHost,
            @Nullable RateLimiter rateLimiter) {}

    /** Limits of bytes and of operations, each by a bucket of tokens. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record RateLimiter(
            @Nullable TokenBucket bandwidth, @Nullable TokenBucket ops) {}

    /** {@code size} tokens are refilled over {@code refillTime} milliseconds. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record TokenBucket(long size, long refillTime, @Nullable Long oneTimeBurst) {}

    /** PUT /network-interfaces/ID. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record NetworkInterface(
            String ifaceId,
            String hostDevName,
            String guestMac,
            @Nullable RateLimiter rxRateLimiter,
            @Nullable RateLimiter txRateLimiter) {}

    /** PUT /vsock. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Vsock(long guestCid, String udsPath) {}

    /** PUT /entropy. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record EntropyDevice(@Nullable RateLimiter rateLimiter) {}

    /** PUT /balloon. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Balloon(long amountMib, boolean deflateOnOom, int statsPollingIntervalS) {}

    /** PATCH /balloon. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record BalloonUpdate(long amountMib) {}

    /** PUT /logger. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Logger(String logPath, String level, boolean showLevel, boolean showLogOrigin) {}

    /** PUT /metrics. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Metrics(String metricsPath) {}

    /** PUT /actions. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Action(String actionType) {
        static final Action START = new Action("InstanceStart");
        static final Action FLUSH_METRICS = new Action("FlushMetrics");
        static final Action CTRL_ALT_DEL = new Action("SendCtrlAltDel");
    }

    /** PATCH /vm. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record VmState(String state) {
        static final VmState PAUSED = new VmState("Paused");
        static final VmState RESUMED = new VmState("Resumed");
    }

    /** PUT /snapshot/create. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record SnapshotCreation(String memFilePath, String snapshotPath, String snapshotType) {
        static SnapshotCreation full(String memory, String state) {
            return new SnapshotCreation(memory, state, "Full");
        }
    }

    /** PUT /snapshot/load. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record SnapshotLoading(
            String snapshotPath,
            MemoryBackend memBackend,
            boolean resumeVm,
            @Nullable List<NetworkOverride> networkOverrides) {
        /** The VM is paused then. */
        static SnapshotLoading of(String memory, String state, @Nullable List<NetworkOverride> overrides) {
            return new SnapshotLoading(state, new MemoryBackend("File", memory), false, overrides);
        }
    }

    @Json(naming = Json.Naming.LowerUnderscore)
    record MemoryBackend(String backendType, String backendPath) {}

    /** Gives a restored VM's interface another TAP device. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record NetworkOverride(String ifaceId, String hostDevName) {}

    /** What GET / answers; {@code state} is {@code Not started}, {@code Running} or {@code Paused}. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record InstanceInfo(String id, String state, String vmmVersion, String appName) {}

    /** What GET /version answers. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Version(String firecrackerVersion) {}

    /** What a refusal carries. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Fault(@Nullable String faultMessage) {}
}
