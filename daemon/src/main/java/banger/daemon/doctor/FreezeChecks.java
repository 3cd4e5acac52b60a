package banger.daemon.doctor;

import banger.daemon.os.MemoryAccess;
import java.util.List;

/** The check of what freezing machines takes: QEMU's memory is read out of its process. */
final class FreezeChecks {
    private static final String FIX =
            "echo kernel.yama.ptrace_scope=0 | sudo tee /etc/sysctl.d/60-banger.conf && sudo sysctl --system";

    private FreezeChecks() {}

    static List<Check> of() {
        return List.of(new Check("freezing", () -> memory(MemoryAccess.here())));
    }

    static Finding memory(MemoryAccess access) {
        return switch (access) {
            case ALL -> Finding.ok("the memory of vms can be read, to suspend and fork them");
            case DESCENDANTS ->
                Finding.warning(
                        "kernel.yama.ptrace_scope is 1: vms that run with qemu can be neither suspended nor forked once"
                                + " the daemon has been restarted",
                        FIX);
            case NONE ->
                Finding.warning(
                        "kernel.yama.ptrace_scope forbids to read the memory of vms: those that run with qemu can be"
                                + " neither suspended nor forked, and have no templates",
                        FIX + "; a value of 3 lasts until the host is rebooted");
        };
    }
}
