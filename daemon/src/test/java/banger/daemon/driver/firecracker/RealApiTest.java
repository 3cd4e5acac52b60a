package banger.daemon.driver.firecracker;

import banger.daemon.kernel.Kernel;
import banger.daemon.kernel.KernelBundles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The requests, to the real program and with a real kernel; without a network, whose device a privileged user makes. */
class RealApiTest extends ApiContract {
    private RealFirecracker real;

    @Override
    Path prepare() throws IOException {
        real = RealFirecracker.orSkip();
        Kernel kernel = new KernelBundles(real.users(), RealFirecracker.AGENT)
                .load(real.image().kernel());
        Files.createSymbolicLink(folder.resolve("vmlinux"), kernel.vmlinux());
        Files.createSymbolicLink(folder.resolve("initramfs"), kernel.initramfs());
        return real.program();
    }

    @Override
    String version() throws IOException {
        String told = new String(new ProcessBuilder(real.program().toString(), "--version")
                .start()
                .getInputStream()
                .readAllBytes());
        return told.lines().findFirst().orElse("").replaceFirst("Firecracker v", "");
    }
}
