package banger.daemon.driver.firecracker;

import banger.daemon.driver.firecracker.ApiMessages.Action;
import banger.daemon.driver.firecracker.ApiMessages.Balloon;
import banger.daemon.driver.firecracker.ApiMessages.BootSource;
import banger.daemon.driver.firecracker.ApiMessages.Drive;
import banger.daemon.driver.firecracker.ApiMessages.DriveUpdate;
import banger.daemon.driver.firecracker.ApiMessages.EntropyDevice;
import banger.daemon.driver.firecracker.ApiMessages.Logger;
import banger.daemon.driver.firecracker.ApiMessages.MachineConfiguration;
import banger.daemon.driver.firecracker.ApiMessages.Metrics;
import banger.daemon.driver.firecracker.ApiMessages.NetworkInterface;
import banger.daemon.driver.firecracker.ApiMessages.NetworkOverride;
import banger.daemon.driver.firecracker.ApiMessages.RateLimiter;
import banger.daemon.driver.firecracker.ApiMessages.SnapshotLoading;
import banger.daemon.driver.firecracker.ApiMessages.TokenBucket;
import banger.daemon.driver.firecracker.ApiMessages.Vsock;
import banger.daemon.frozen.FrozenMachine;
import banger.daemon.os.TapDevice;
import banger.daemon.vm.Attachment;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.HardwareAddress;
import banger.daemon.vm.MachinePlan;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells a fresh Firecracker process, request by request, what the VM is made of, and starts it. */
final class Configuration {
    /** Every VM has a vsock of its own, so that they may all have the same address; 0 to 2 are reserved. */
    private static final int GUEST_CID = 3;

    private static final String INTERFACE = "net0";
    private static final long MILLIS = 1000;

    private final FirecrackerApi api;
    private final MachinePlan plan;
    private final Workplace workplace;
    private final @Nullable RateLimiter limiter;

    Configuration(FirecrackerApi api, MachinePlan plan, Workplace workplace, DiskLimits limits) {
        this.api = api;
        this.plan = plan;
        this.workplace = workplace;
        TokenBucket bytes = bucket(limits.bytes());
        TokenBucket operations = bucket(limits.operations());
        limiter = bytes == null && operations == null ? null : new RateLimiter(bytes, operations);
    }

    private static @Nullable TokenBucket bucket(long perSecond) {
        return perSecond == 0 ? null : new TokenBucket(perSecond, MILLIS, null);
    }

    /** The VM is paused where it was frozen. Its drives have the names that the snapshot has for them. */
    void restore(FrozenMachine frozen) throws IOException {
        log();
        showDisks();
        Attachment attachment = plan.attachment();
        List<NetworkOverride> overrides = null;
        if (attachment != null) {
            TapDevice.giveTo(attachment.tap(), workplace.user());
            overrides = List.of(new NetworkOverride(INTERFACE, attachment.tap()));
        }
        String memory = workplace.show(frozen.memory(), "origin.mem", true);
        api.loadSnapshot(SnapshotLoading.of(memory, workplace.show(frozen.devices(), "origin.state", true), overrides));
        if (limiter != null) {
            // The snapshot has the limits of when it was made.
            for (MachinePlan.Disk disk : plan.disks()) {
                api.update(new DriveUpdate(disk.id(), null, limiter));
            }
        }
    }

    private void log() throws IOException {
        // First, so that what follows is logged.
        api.logger(new Logger(FirecrackerFiles.LOG, "Warning", true, false));
        api.metrics(new Metrics(FirecrackerFiles.METRICS));
    }

    private Map<MachinePlan.Disk, String> showDisks() throws IOException {
        var seen = new LinkedHashMap<MachinePlan.Disk, String>();
        for (MachinePlan.Disk disk : plan.disks()) {
            seen.put(disk, workplace.show(disk.file(), disk.id() + ".ext4", disk.readOnly()));
        }
        return seen;
    }

    void bootCold() throws IOException {
        log();
        api.machine(new MachineConfiguration(plan.spec().vcpus(), plan.spec().memoryBytes() >> 20, false, false));
        api.bootSource(new BootSource(
                workplace.show(plan.vmlinux(), "vmlinux", true),
                workplace.show(plan.initramfs(), "initramfs", true),
                KernelLine.of(plan)));
        for (var entry : showDisks().entrySet()) {
            MachinePlan.Disk disk = entry.getKey();
            api.drive(new Drive(disk.id(), entry.getValue(), false, disk.readOnly(), Drive.WRITEBACK, limiter));
        }
        Attachment attachment = plan.attachment();
        if (attachment != null) {
            TapDevice.giveTo(attachment.tap(), workplace.user());
            String address = HardwareAddress.of(plan.vm()).toString();
            api.networkInterface(new NetworkInterface(INTERFACE, attachment.tap(), address, null, null));
        }
        api.vsock(new Vsock(GUEST_CID, FirecrackerFiles.VSOCK));
        api.entropy(new EntropyDevice(null));
        api.balloon(new Balloon(0, true, 0));
        api.act(Action.START);
    }
}
