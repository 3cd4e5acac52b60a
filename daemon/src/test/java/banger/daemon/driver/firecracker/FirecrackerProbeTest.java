package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.os.Kvm;
import banger.daemon.vm.DriverFitness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirecrackerProbeTest {
    private static final Kvm WORKS = new Kvm(true, "it works", null);

    @TempDir
    Path folder;

    @Test
    void theOldestReleaseThatWillDoIsTaken() throws IOException {
        DriverFitness fitness = probe("Firecracker v1.13.0", WORKS).fitness();
        assertEquals(DriverFitness.fit(folder.resolve("firecracker") + " 1.13.0 with kvm", null), fitness);
    }

    @Test
    void anOlderReleaseIsRefused() throws IOException {
        DriverFitness fitness = probe("Firecracker v1.12.9", WORKS).fitness();
        assertFalse(fitness.works());
        assertEquals(
                folder.resolve("firecracker") + " is firecracker 1.12.9, expected 1.13.0 or later", fitness.found());
    }

    @Test
    void versionsAreComparedByNumber() throws IOException {
        assertFalse(probe("Firecracker v1.9.1", WORKS).fitness().works());
        assertTrue(probe("Firecracker v2.0.0", WORKS).fitness().works());
    }

    @Test
    void theReleaseWhoseVsockIsDeafAfterARestoreIsWarnedOf() throws IOException {
        String warning = probe("Firecracker v1.16.0", WORKS).fitness().warning();
        assertEquals("its vsock does not work after a restore; 1.16.1 mends that", warning);
        assertNull(probe("Firecracker v1.16.1", WORKS).fitness().warning());
    }

    @Test
    void withoutKvmItCannotRunVmsWhateverItsVersion() throws IOException {
        Kvm none = new Kvm(false, "the cpu offers neither vmx nor svm", "enable it");
        FirecrackerProbe probe = probe("Firecracker v1.13.1", none);
        assertEquals(
                DriverFitness.unfit("firecracker needs kvm: the cpu offers neither vmx nor svm", "enable it"),
                probe.fitness());
        assertTrue(probe.program().works());
    }

    @Test
    void aProgramThatIsNoFirecrackerIsRefused() throws IOException {
        assertTrue(
                probe("GNU bash, release 5", WORKS).fitness().found().contains("does not tell a firecracker version"));
    }

    @Test
    void aReplacedProgramIsAskedAgain() throws IOException {
        FirecrackerProbe probe = probe("Firecracker v1.12.9", WORKS);
        assertFalse(probe.fitness().works());
        say("firecracker", "Firecracker v1.13.1 ");
        assertTrue(probe.fitness().works());
    }

    @Test
    void aJailerOfAnotherReleaseIsNotUsed() throws IOException {
        FirecrackerProbe probe = probe("Firecracker v1.13.1", WORKS);
        say("jailer", "Jailer v1.14.0");
        assertEquals(
                folder.resolve("jailer") + " is of version 1.14.0, firecracker of 1.13.1",
                probe.jailer().found());
        assertNull(probe.find().jailer());
        say("jailer", "Jailer v1.13.1 ");
        assertEquals(folder.resolve("jailer"), probe.find().jailer());
    }

    @Test
    void whereTheDaemonMayNotThereIsNoJail() throws IOException {
        say("firecracker", "Firecracker v1.13.1");
        say("jailer", "Jailer v1.13.1");
        var probe = new FirecrackerProbe(
                folder.resolve("firecracker"), () -> WORKS, () -> Optional.of("the daemon does not run as root"));
        assertEquals(DriverFitness.unfit("the daemon does not run as root", null), probe.jailer());
        assertNull(probe.find().jailer());
    }

    private FirecrackerProbe probe(String says, Kvm kvm) throws IOException {
        return new FirecrackerProbe(say("firecracker", says), () -> kvm, Optional::empty);
    }

    private Path say(String program, String words) throws IOException {
        Path file = folder.resolve(program);
        Files.writeString(file, "#!/bin/sh\necho '" + words + "'\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }
}
