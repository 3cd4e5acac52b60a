package banger.daemon.driver.qemu;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.HardwareAddress;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.PublishedPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Builds the command line of a VM's QEMU process: the microvm machine and virtio-mmio devices only. */
final class QemuCommandLine {
    private final List<String> words = new ArrayList<>();

    static List<String> of(QemuProgram program, MachinePlan plan, QemuFiles files, DiskLimits limits) {
        var line = new QemuCommandLine();
        line.machine(program, plan);
        line.kernel(program, plan);
        plan.disks().forEach(disk -> line.disk(disk, limits));
        line.agentAndConsole(files);
        line.network(plan);
        return List.copyOf(line.words);
    }

    /** The machine's type and those of its devices that have no option of their own. */
    static String machineOf(QemuProgram.Accelerator accelerator) {
        // virtio-mmio devices are found through ACPI; the option ROMs only serve firmware that is not used.
        String machine = "microvm,acpi=on,x-option-roms=off,rtc=on";
        // No guest uses the PIT, and emulated it wakes the process 70 times a second for ever.
        return accelerator == QemuProgram.Accelerator.TCG ? machine + ",pit=off" : machine;
    }

    private void machine(QemuProgram program, MachinePlan plan) {
        add(program.binary().toString());
        add("-name", "banger-" + plan.name());
        add("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot");
        add("-M", machineOf(program.accelerator()) + ",suppress-vmdesc=on,memory-backend=mem");
        add("-accel", program.accelerator().option, "-cpu", program.accelerator().cpu);
        add("-smp", Integer.toString(plan.spec().vcpus()));
        add("-m", Long.toString(plan.spec().memoryBytes() >> 20) + "M");
        memory(plan);
        add("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny");
        add("-device", "virtio-rng-device");
    }

    /** Always of the same name, so that any machine can be restored as any other. */
    private void memory(MachinePlan plan) {
        String size = "id=mem,share=off,size=" + plan.spec().memoryBytes();
        FrozenMachine origin = plan.origin();
        if (origin == null) {
            add("-object", "memory-backend-ram," + size);
        } else {
            String file = escaped(origin.memory().toString());
            add("-object", "memory-backend-file," + size + ",mem-path=" + file, "-incoming", "defer");
            // What saves the state of devices alone leaves the section out that names the machine's type.
            add("-global", "migration.send-configuration=off");
        }
    }

    private void kernel(QemuProgram program, MachinePlan plan) {
        add("-kernel", plan.vmlinux().toString(), "-initrd", plan.initramfs().toString());
        // The self-tests of the kernel's ciphers and the waits of its read-copy-update cost a boot a tenth of its time.
        // The watchdog takes a paused machine for a locked up one; compaction ahead of need wakes an idle guest and has
        // it write to memory that it shares with others.
        String line = "console=ttyS0 reboot=t panic=-1 cryptomgr.notests rcupdate.rcu_expedited=1 nowatchdog "
                + "sysctl.vm.compaction_proactiveness=0 "
                + plan.agentParameters(serial -> serial);
        if (program.accelerator() == QemuProgram.Accelerator.TCG) {
            // There is no PIT to calibrate the TSC against, so the kernel is told its rate.
            // The TSC is the host's, the same on every core; a kernel that is not told so distrusts the emulated CPU,
            // has nothing but the tick to tell time by, and loses time whenever the host is busy.
            line += " tsc=reliable tsc_early_khz=" + program.tscKhz();
            // A kernel that changes its own code while another CPU runs it can hang there; the agent starts the others.
            line += " maxcpus=1 noreplace-smp";
        }
        add("-append", line);
    }

    private void disk(MachinePlan.Disk disk, DiskLimits limits) {
        // By default a write for which the host's disk has no room stops the machine, agent and all, without a word.
        add(
                "-drive",
                "id=" + disk.id() + ",if=none,format=" + (disk.isOverlay() ? "qcow2" : "raw") + ",file="
                        + escaped(disk.file().toString())
                        + (disk.readOnly() ? ",readonly=on" : ",discard=unmap,werror=report")
                        + (limits.bytes() == 0 ? "" : ",throttling.bps-total=" + limits.bytes())
                        + (limits.operations() == 0 ? "" : ",throttling.iops-total=" + limits.operations()));
        add("-device", "virtio-blk-device,drive=" + disk.id() + ",serial=" + disk.id());
    }

    private void agentAndConsole(QemuFiles files) {
        add(
                "-chardev",
                "socket,id=agent,server=on,wait=off,path="
                        + escaped(files.agentSocket().toString()));
        add("-device", "virtio-serial-device", "-device", "virtserialport,chardev=agent,name=banger.agent");
        add(
                "-chardev",
                "file,id=console,append=on,path=" + escaped(files.console().toString()));
        add("-serial", "chardev:console");
        add("-qmp", "unix:" + escaped(files.monitorSocket().toString()) + ",server=on,wait=off");
        add("-pidfile", files.pidFile().toString());
    }

    private void network(MachinePlan plan) {
        switch (plan.spec().network()) {
            case NONE -> {
                return;
            }
            case USER -> add("-netdev", userNetwork(plan));
            case BRIDGE ->
                add(
                        "-netdev",
                        "tap,id=net0,script=no,downscript=no,ifname="
                                + Objects.requireNonNull(plan.attachment()).tap());
        }
        add("-device", "virtio-net-device,netdev=net0,mac=" + HardwareAddress.of(plan.vm()));
    }

    private static String userNetwork(MachinePlan plan) {
        var netdev = new StringBuilder("user,id=net0,hostname=").append(plan.name());
        for (PublishedPort port : plan.spec().publish()) {
            netdev.append(",hostfwd=tcp:")
                    .append(port.hostAddress())
                    .append(':')
                    .append(port.hostPort());
            netdev.append("-:").append(port.guestPort());
        }
        return netdev.toString();
    }

    /** A comma ends an option's value unless it is doubled (qemu(1)). */
    private static String escaped(String value) {
        return value.replace(",", ",,");
    }

    private void add(String... more) {
        words.addAll(List.of(more));
    }
}
