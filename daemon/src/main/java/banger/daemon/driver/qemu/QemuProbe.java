package banger.daemon.driver.qemu;

import banger.daemon.driver.qemu.QemuProgram.Accelerator;
import banger.daemon.os.HostCpu;
import banger.daemon.os.Kvm;
import banger.daemon.os.Programs;
import banger.daemon.problem.Problem;
import banger.daemon.vm.DriverFitness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds this host's QEMU and how it can run guests. */
public final class QemuProbe {
    /** Twice the bogomips is the TSC's rate in MHz (the kernel's calibrate_delay); in kHz that is bogomips × 500. */
    private static final long TSC_KHZ_PER_BOGOMIPS = 500;

    private QemuProbe() {}

    /** The same as an answer. */
    public static DriverFitness fitness(@Nullable Path configured) {
        try {
            QemuProgram program = find(configured);
            String accelerator = program.accelerator().name().toLowerCase(Locale.ROOT);
            return DriverFitness.fit(program.binary() + " with " + accelerator, null);
        } catch (Problem e) {
            return DriverFitness.unfit(e.getMessage(), e.hint());
        }
    }

    /** @param configured the program to use, or null for the one on PATH @throws Problem where there is none */
    public static QemuProgram find(@Nullable Path configured) {
        String name = "qemu-system-x86_64";
        Path binary = configured != null
                ? configured
                : Programs.find(name)
                        .orElseThrow(() -> new Problem(
                                Problem.Kind.MISSING_REQUIREMENT,
                                name + " is not installed",
                                "sudo apt-get install qemu-system-x86"));
        if (!Files.isExecutable(binary)) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    "qemu_bin " + binary + " is not an executable file",
                    "correct it in the configuration: banger config path");
        }
        HostCpu cpu = HostCpu.ofThisHost();
        return new QemuProgram(
                binary,
                Kvm.look(Kvm.DEVICE, cpu.virtualizes()).works() ? Accelerator.KVM : Accelerator.TCG,
                Math.round(cpu.bogomips() * TSC_KHZ_PER_BOGOMIPS));
    }
}
