package banger.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.doctor.Finding.Level;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.vm.DriverFitness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostChecksTest {
    private static final Kvm WORKS = new Kvm(true, "/dev/kvm is usable and the cpu virtualizes", null);
    private static final Kvm PARAVIRTUAL = new Kvm(false, "the cpu offers neither vmx nor svm", null);

    @TempDir
    Path folder;

    private final Map<String, Path> programs = new HashMap<>();
    private HostPaths paths;
    private DriverFitness chosen = DriverFitness.fit("qemu", null);
    private DriverFitness jailer = DriverFitness.unfit("the daemon does not run as root", null);
    private DriverFitness firecracker = DriverFitness.unfit("there is none", null);

    @BeforeEach
    void installEverything() throws IOException {
        paths = Store.in(folder).paths();
        for (String name : "mmdebstrap mke2fs debugfs resize2fs depmod apt-get apt-cache unshare".split(" ")) {
            programs.put(name, Path.of("/usr/bin", name));
        }
        installQemu("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)");
    }

    @Test
    void withoutUsableKvmItSaysWhyAndThatVmsAreEmulated() {
        Finding kvm = find("kvm", PARAVIRTUAL);
        assertEquals(Level.WARNING, kvm.level());
        assertTrue(kvm.found().startsWith("the cpu offers neither vmx nor svm; "), kvm.found());
    }

    @Test
    void kvmThatWorksIsSaid() {
        assertEquals(Finding.ok("/dev/kvm is usable and the cpu virtualizes"), find("kvm", WORKS));
    }

    @Test
    void certificatesThatAreSetMustBeThere() throws IOException {
        Path certificates = folder.resolve("ca.pem");
        Files.createDirectories(paths.configFile().getParent());
        Files.writeString(paths.configFile(), "guest.ca_certificates = \"" + certificates + "\"\n");
        Finding gone = find("certificates", WORKS);
        assertEquals(Level.FAILURE, gone.level());
        assertTrue(gone.found().endsWith(certificates + ": there is no such file"), gone.found());
        Files.writeString(certificates, "PEM");
        assertEquals(Finding.ok(certificates + ", which guests trust beside their own"), find("certificates", WORKS));
    }

    @Test
    void theDriverIsWhatTheDaemonWouldChoose() {
        chosen = DriverFitness.fit("qemu for network none, user: /usr/bin/qemu with tcg", null);
        assertEquals(Finding.ok("qemu for network none, user: /usr/bin/qemu with tcg"), find("driver", WORKS));
        chosen = DriverFitness.unfit("no driver works here", "sudo apt-get install qemu-system-x86");
        assertEquals(
                Finding.failure("no driver works here", "sudo apt-get install qemu-system-x86"), find("driver", WORKS));
    }

    @Test
    void aFirecrackerIsToldWithItsFlaw() {
        firecracker = DriverFitness.fit("/opt/firecracker 1.16.0", "its vsock does not work after a restore");
        assertEquals(
                Finding.warning("/opt/firecracker 1.16.0: its vsock does not work after a restore", null),
                find("firecracker", WORKS));
    }

    @Test
    void whyThereIsNoJailIsSaid() {
        assertEquals(Finding.ok("there is no firecracker to put into a jail"), find("jailer", WORKS));
        firecracker = DriverFitness.fit("/opt/firecracker 1.13.1", null);
        String without = "firecracker runs as the daemon's user, without a jail: ";
        assertEquals(Finding.ok(without + "the daemon does not run as root"), find("jailer", WORKS));
        jailer = DriverFitness.unfit("there is no jailer", "install it");
        assertEquals(Finding.warning(without + "there is no jailer", "install it"), find("jailer", WORKS));
        jailer = DriverFitness.fit("/opt/jailer 1.13.1", null);
        assertEquals(Finding.ok("/opt/jailer 1.13.1"), find("jailer", WORKS));
    }

    @Test
    void noFirecrackerIsFineUnlessItIsAskedFor() throws IOException {
        firecracker = DriverFitness.unfit("firecracker is not installed", "install it");
        assertEquals(Finding.ok("firecracker is not installed; vms run with qemu"), find("firecracker", WORKS));
        Files.writeString(paths.configFile(), "driver = \"firecracker\"");
        assertEquals(Finding.failure("firecracker is not installed", "install it"), find("firecracker", WORKS));
    }

    @Test
    void aMissingQemuIsAFailureWithItsPackage() {
        programs.remove("qemu-system-x86_64");
        assertEquals(
                Finding.failure("qemu-system-x86_64 is not installed", "sudo apt-get install qemu-system-x86"),
                find("qemu", WORKS));
    }

    @Test
    void theVersionOfQemuIsTold() {
        assertEquals(Finding.ok(programs.get("qemu-system-x86_64") + ", version 7.2.22"), find("qemu", WORKS));
    }

    @Test
    void aQemuThatIsTooOldIsRefused() throws IOException {
        installQemu("QEMU emulator version 4.2.1");
        Finding qemu = find("qemu", WORKS);
        assertEquals(Level.FAILURE, qemu.level());
        assertTrue(qemu.found().endsWith("version 4.2.1, expected 5.2 or later"), qemu.found());
    }

    @Test
    void aProgramThatIsNoQemuIsRefused() throws IOException {
        installQemu("GNU bash, release 5");
        assertEquals(Level.FAILURE, find("qemu", WORKS).level());
    }

    @Test
    void aConfiguredQemuThatIsNotThereIsNamed() throws IOException {
        Files.writeString(paths.configFile(), "qemu_bin = \"/opt/none\"");
        Finding qemu = find("qemu", WORKS);
        assertEquals("qemu_bin /opt/none is not an executable file", qemu.found());
        assertEquals("correct it in " + paths.configFile(), qemu.fix());
    }

    @Test
    void allMissingProgramsComeInOneCommand() {
        programs.keySet().removeAll(java.util.List.of("mke2fs", "debugfs", "mmdebstrap"));
        assertEquals(
                Finding.failure("missing: mmdebstrap mke2fs debugfs", "sudo apt-get install e2fsprogs mmdebstrap"),
                find("image tools", WORKS));
    }

    @Test
    void faultySettingsAreOneFailureAndTheOtherChecksUseDefaults() throws IOException {
        Files.writeString(paths.configFile(), "drvier = 1");
        Finding config = find("config", WORKS);
        assertEquals(Level.FAILURE, config.level());
        assertTrue(config.found().contains("did you mean driver?"), config.found());
        assertEquals(Level.OK, find("qemu", WORKS).level());
    }

    @Test
    void theJavaThatRunsThisWillDo() {
        assertEquals(Level.OK, find("java", WORKS).level());
    }

    static Surroundings.Drivers noDrivers() {
        DriverFitness none = DriverFitness.unfit("there is none", null);
        return new Surroundings.Drivers(config -> none, config -> none, config -> none);
    }

    private Finding find(String name, Kvm kvm) {
        Surroundings here = new Surroundings(
                paths,
                null,
                null,
                program -> Optional.ofNullable(programs.get(program)),
                kvm,
                new Surroundings.Drivers(config -> chosen, config -> firecracker, config -> jailer),
                folder.resolve("agent"));
        return HostChecks.of(here).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow()
                .run();
    }

    private void installQemu(String says) throws IOException {
        Path program = folder.resolve("qemu");
        Files.writeString(program, "#!/bin/sh\necho '" + says + "'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        programs.put("qemu-system-x86_64", program);
    }
}
