package banger.daemon.driver.firecracker;

import banger.daemon.vm.MachinePlan;

/** The kernel's command line under Firecracker. */
final class KernelLine {
    /**
     * The console is the serial port. Firecracker ends a VM that resets itself through the keyboard controller, and
     * knows no power off. There is no PCI bus and no mouse to look for; ACPI stays on, through which the virtio devices
     * are found.
     */
    private static final String MACHINE =
            "console=ttyS0 reboot=k panic=1 pci=off i8042.noaux i8042.nomux i8042.nopnp i8042.dumbkbd";

    private KernelLine() {}

    static String of(MachinePlan plan) {
        return MACHINE + " " + plan.agentParameters(id -> device(plan, id)) + " banger.stream=vsock:"
                + FirecrackerFiles.AGENT_PORT + " banger.off=reboot";
    }

    /** The guest's name for the disk: Firecracker gives no serials, but attaches drives in the order of the plan. */
    private static String device(MachinePlan plan, String id) {
        for (int i = 0; i < plan.disks().size(); i++) {
            if (plan.disks().get(i).id().equals(id)) {
                return "vd" + (char) ('a' + i);
            }
        }
        throw new IllegalArgumentException("there is no disk " + id + " in the plan of " + plan.name());
    }
}
