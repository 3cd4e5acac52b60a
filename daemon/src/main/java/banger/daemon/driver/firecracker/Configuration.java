package banger.daemon.driver.firecracker;

import banger.daemon.driver.firecracker.ApiMessages.Action;
import banger.daemon.driver.firecracker.ApiMessages.Balloon;
import banger.daemon.driver.firecracker.ApiMessages.BootSource;
import banger.daemon.driver.firecracker.ApiMessages.Drive;
import banger.daemon.driver.firecracker.ApiMessages.EntropyDevice;
import banger.daemon.driver.firecracker.ApiMessages.Logger;
import banger.daemon.driver.firecracker.ApiMessages.MachineConfiguration;
import banger.daemon.driver.firecracker.ApiMessages.Metrics;
import banger.daemon.driver.firecracker.ApiMessages.NetworkInterface;
import banger.daemon.driver.firecracker.ApiMessages.Vsock;
import banger.daemon.os.TapDevice;
import banger.daemon.vm.Attachment;
import banger.daemon.vm.HardwareAddress;
import banger.daemon.vm.MachinePlan;
import java.io.IOException;

/** Tells a fresh Firecracker process, request by request, what the VM is made of, and starts it. */
final class Configuration {
    /** Every VM has a vsock of its own, so that they may all have the same address; 0 to 2 are reserved. */
    private static final int GUEST_CID = 3;

    private final FirecrackerApi api;
    private final MachinePlan plan;
    private final Workplace workplace;

    Configuration(FirecrackerApi api, MachinePlan plan, Workplace workplace) {
        this.api = api;
        this.plan = plan;
        this.workplace = workplace;
    }

    void bootCold() throws IOException {
        // First, so that what follows is logged.
        api.logger(new Logger(FirecrackerFiles.LOG, "Warning", true, false));
        api.metrics(new Metrics(FirecrackerFiles.METRICS));
        api.machine(new MachineConfiguration(plan.spec().vcpus(), plan.spec().memoryBytes() >> 20, false, false));
        api.bootSource(new BootSource(
                workplace.show(plan.vmlinux(), "vmlinux", true),
                workplace.show(plan.initramfs(), "initramfs", true),
                KernelLine.of(plan)));
        for (MachinePlan.Disk disk : plan.disks()) {
            String seen = workplace.show(disk.file(), disk.id() + ".ext4", disk.readOnly());
            api.drive(new Drive(disk.id(), seen, false, disk.readOnly(), Drive.WRITEBACK, null));
        }
        Attachment attachment = plan.attachment();
        if (attachment != null) {
            TapDevice.giveTo(attachment.tap(), workplace.user());
            String address = HardwareAddress.of(plan.vm()).toString();
            api.networkInterface(new NetworkInterface("net0", attachment.tap(), address, null, null));
        }
        api.vsock(new Vsock(GUEST_CID, FirecrackerFiles.VSOCK));
        api.entropy(new EntropyDevice(null));
        api.balloon(new Balloon(0, true, 0));
        api.act(Action.START);
    }
}
