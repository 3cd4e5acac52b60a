package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kernels of every kind become bundles that guests boot from; one is what images get that bring none. */
class KernelTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final ContainerImage SOURCE = ContainerImage.in(HOME.folder());

    @Test
    void aVmBootsOnEachKindOfKernelUntilTheDefaultIsAnother() throws IOException {
        String debian = defaultKernel();
        HOME.banger("image", "import", SOURCE.rootfsTar().toString(), "--name", "bare")
                .exits(0);
        HOME.create("bare", "--image", "bare");
        assertTrue(runsOn(debian), debian);
        String version = HOME.sh("bare", "uname -r");
        assertEquals("first", HOME.sh("bare", "cat /etc/one /etc/gone"));

        Path xbps = Xbps.ofKernelIn(HOME);
        bootsOn(imported("void-", "--xbps", xbps.toString()), version);
        Path deb = Deb.ofKernelIn(HOME);
        HOME.banger("kernel", "import", "--deb", deb.toString(), "--sha256", "0".repeat(64))
                .fails(1, "SHA-256", ContainerImage.sha256(deb));
        dyingLeavesAWholeKernelOrNone(deb, "kernel: ");
        dyingLeavesAWholeKernelOrNone(deb, "modules: ");
        String packaged = imported("debian-", "--deb", deb.toString());
        assertNotEquals(debian, packaged);
        bootsOn(packaged, version);
        String own = imported(
                "local-",
                "--vmlinux",
                HostKernel.in(HOME).toString(),
                "--modules",
                HOME.folder().resolve("deb/lib/modules/" + version).toString());
        bootsOn(own, version);

        HOME.banger("kernel", "delete", own).fails(1, "bare");
        HOME.banger("vm", "set", "bare", "--kernel", "image").exits(0);
        HOME.banger("vm", "restart", "bare").exits(0);
        assertTrue(runsOn(debian), "the vm has the kernel of its image again");

        assertEquals(own, HOME.banger("kernel", "default", own).text());
        HOME.banger("image", "import", SOURCE.rootfsTar().toString(), "--name", "later")
                .exits(0);
        assertEquals(own, kernelOf("later"));
        assertEquals(debian, kernelOf("bare"));
        HOME.banger("kernel", "default", "no-such").fails(1, "no-such", "kernel list");
        assertEquals(own, defaultKernel());
        HOME.banger("image", "delete", "later").exits(0);
        HOME.banger("kernel", "delete", own).exits(0);
        assertEquals(debian, defaultKernel(), "without the one that was chosen it is the first again");
        assertFalse(Files.exists(HOME.data().resolve("kernels").resolve(own)));
        HOME.assertNothingLeftOver();
    }

    private static void dyingLeavesAWholeKernelOrNone(Path deb, String moment) {
        List<String> before = kernels();
        try (Command client = HOME.start("kernel", "import", "--deb", deb.toString())) {
            client.awaitErr(moment);
            HOME.killDaemon();
            client.waitFor();
        }
        List<String> made = new ArrayList<>(kernels());
        assertTrue(made.removeAll(before) && made.size() <= 1, made::toString);
        HOME.assertNothingLeftOver();
        if (!made.isEmpty()) {
            // It was put in place before the daemon died: then it must serve.
            bootsOn(made.getFirst(), HOME.sh("bare", "uname -r"));
            HOME.banger("vm", "set", "bare", "--kernel", "image").exits(0);
            HOME.banger("vm", "restart", "bare").exits(0);
            HOME.banger("kernel", "delete", made.getFirst()).exits(0);
        }
    }

    private static List<String> kernels() {
        return HOME.banger("kernel", "list", "-q").text().lines().toList();
    }

    private static String imported(String prefix, String... words) {
        var line = new ArrayList<>(List.of("kernel", "import"));
        line.addAll(List.of(words));
        String kernel = HOME.banger(line.toArray(String[]::new)).text();
        assertTrue(kernel.startsWith(prefix), kernel);
        return kernel;
    }

    private static void bootsOn(String kernel, String version) {
        HOME.banger("vm", "set", "bare", "--kernel", kernel).exits(0);
        HOME.banger("vm", "restart", "bare").exits(0);
        assertTrue(runsOn(kernel), "the vm runs on " + kernel);
        assertEquals(version, HOME.sh("bare", "uname -r"));
        assertEquals("yes", HOME.sh("bare", "test -e /lib/modules/$(uname -r)/kernel/fs/overlayfs && echo yes"));
    }

    private static boolean runsOn(String kernel) {
        return HostProcesses.of(HOME.folder()).stream()
                .anyMatch(process -> process.line().contains("kernels/" + kernel + "/vmlinux"));
    }

    private static String defaultKernel() {
        return HOME.banger("kernel", "default").text();
    }

    private static String kernelOf(String image) {
        return Json.parse(
                        HOME.banger("image", "show", image, "--format", "json").text())
                .at("kernel")
                .text();
    }
}
