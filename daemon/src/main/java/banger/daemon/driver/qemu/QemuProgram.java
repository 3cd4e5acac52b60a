package banger.daemon.driver.qemu;

import java.nio.file.Path;

/** The QEMU program of this host and how it runs guests. */
public record QemuProgram(Path binary, Accelerator accelerator, long tscKhz) {
    /** What executes the guest's instructions. */
    public enum Accelerator {
        KVM("kvm", "host"),
        /** Emulation. {@code max} gives the guest AVX2, which bundled run-times want. */
        TCG("tcg,thread=multi", "max");

        final String option;
        final String cpu;

        Accelerator(String option, String cpu) {
            this.option = option;
            this.cpu = cpu;
        }
    }
}
