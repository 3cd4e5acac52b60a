package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon comes and goes; VMs stay. */
class DaemonTest {
    @RegisterExtension
    static final Home HOME = Home.withoutTemplate();

    private static final String VM = "steady";

    private long vmPid;
    private String guestBoot = "";

    @BeforeEach
    void theVmRuns() {
        if (!HOME.names().contains(VM)) {
            HOME.create(VM);
        }
        HOME.banger("vm", "start", VM).exits(0);
        vmPid = HOME.show(VM).at("pid").number();
        guestBoot = bootId();
    }

    private static String bootId() {
        return HOME.sh(VM, "cat /proc/sys/kernel/random/boot_id");
    }

    /** The same process, the same boot, and it answers. */
    private void assertVmWentOn() {
        assertEquals(guestBoot, bootId());
        assertEquals(vmPid, HOME.show(VM).at("pid").number());
        assertEquals("running", HOME.vmState(VM));
    }

    @Test
    void aVmSurvivesTheKillingOfTheDaemonAndAnswers() {
        long first = HOME.daemonPid();
        HOME.killDaemon();
        assertVmWentOn();
        assertNotEquals(first, HOME.daemonPid());
    }

    @Test
    void aVmSurvivesManyKillingsInARow() {
        for (int i = 0; i < 5; i++) {
            HOME.killDaemon();
            assertEquals("through", HOME.sh(VM, "echo through"));
        }
        assertVmWentOn();
    }

    @Test
    void aDaemonKilledUnderFullTrafficLeavesAStreamThatWorks() {
        try (Command noisy = HOME.start("vm", "exec", VM, "cat", "/dev/zero")) {
            Wait.until(
                    "traffic",
                    // Another command of the same VM may well be there before it has started.
                    () -> HOME.sh(
                                            VM,
                                            "pid=$(pgrep -xf 'cat /dev/zero') && sed -n 's/^wchar: //p' /proc/$pid/io || true")
                                    .length()
                            > 7);
            HOME.killDaemon();
            assertEquals(125, noisy.waitFor().exit());
        }
        assertVmWentOn();
        Wait.until(
                "the end of cat",
                () -> HOME.banger("vm", "exec", VM, "pgrep", "-xf", "cat /dev/zero")
                                .exit()
                        == 1);
    }

    @Test
    void aCommandWhoseDaemonDiesHasAnUnknownOutcomeAndIsHungUp() {
        try (Command client = HOME.start("vm", "exec", VM, "sh", "-c", "echo ready; sleep 1011")) {
            client.awaitOut("ready");
            HOME.killDaemon();
            client.waitFor().fails(125, "outcome unknown");
        }
        assertVmWentOn();
        Wait.until(
                "the end of sleep",
                () -> HOME.banger("vm", "exec", VM, "pgrep", "-xf", "sleep 1011")
                                .exit()
                        == 1);
    }

    @Test
    void aCommandWhoseVmIsKilledHasAnUnknownOutcome() {
        try (Command client = HOME.start("vm", "exec", VM, "sh", "-c", "echo ready; sleep 1012")) {
            client.awaitOut("ready");
            HOME.banger("vm", "kill", VM).exits(0);
            client.waitFor().fails(125, "outcome unknown");
        }
        HOME.banger("vm", "exec", VM, "true").failsInALine(125, VM, "never ran");
    }

    @Test
    void stopEndsTheDaemonAndTheNextCommandStartsAnother() {
        long first = HOME.daemonPid();
        HOME.banger("daemon", "stop").exits(0);
        assertFalse(HostProcesses.isAlive(first));
        HOME.banger("daemon", "status").exits(1);
        HOME.banger("daemon", "stop").exits(0);
        assertTrue(HostProcesses.isAlive(vmPid));
        assertVmWentOn();
    }

    @Test
    void restartIsAnotherDaemonOnTheSameVms() {
        long first = HOME.daemonPid();
        HOME.banger("daemon", "restart").exits(0);
        assertNotEquals(first, HOME.daemonPid());
        assertVmWentOn();
    }

    @Test
    void manyClientsAtOnceStartOneDaemon() {
        HOME.killDaemon();
        var clients = java.util.stream.IntStream.range(0, 6)
                .mapToObj(i -> HOME.start("ps", "-q"))
                .toList();
        for (Command client : clients) {
            assertEquals(VM, client.waitFor().text());
        }
        assertEquals(
                1,
                HostProcesses.of(HOME.folder()).stream()
                        .filter(process -> process.line().contains("banger.daemon.Main"))
                        .count());
    }

    @Test
    void aNewerBuildTakesOverAndAnOlderClientStaysWithIt() throws IOException {
        long first = HOME.daemonPid();
        Dist newer =
                Dist.BUILT.copyAs("2999-01-01T00:00:00Z-newer", HOME.folder().resolve("newer"));
        assertEquals(
                guestBoot,
                HOME.run(newer.banger(), "vm", "exec", VM, "cat", "/proc/sys/kernel/random/boot_id")
                        .text());
        Json daemon = HOME.daemon();
        assertEquals("2999-01-01T00:00:00Z-newer", daemon.at("build").text());
        assertNotEquals(first, daemon.at("pid").number());
        assertVmWentOn();
        assertEquals(daemon.at("pid").number(), HOME.daemonPid(), "the older client goes on with the newer daemon");
        HOME.banger("daemon", "stop").exits(0);
    }

    @Test
    void aSecondDaemonOnTheSameDataIsRefused() throws IOException {
        long first = HOME.daemonPid();
        HOME.run(Dist.BUILT.bangerd()).failsInALine(75, "another bangerd", "pid " + first);
        var elsewhere = HOME.builder(Dist.BUILT.bangerd());
        elsewhere
                .environment()
                .put(
                        "XDG_RUNTIME_DIR",
                        Files.createDirectories(HOME.folder().resolve("r2")).toString());
        Command.start(elsewhere).waitFor().failsInALine(75, "another bangerd", "pid " + first);
        assertEquals(first, HOME.daemonPid());
        assertVmWentOn();
    }

    @Test
    void aSocketAndALockThatADeadDaemonLeftAreNoHindrance() throws IOException {
        HOME.killDaemon();
        assertTrue(Files.exists(HOME.socket()), "a killed daemon leaves its socket");
        Files.writeString(HOME.state().resolve("bangerd.lock"), vmPid + "\n");
        assertVmWentOn();
        HOME.killDaemon();
        Files.delete(HOME.socket());
        Files.writeString(HOME.socket(), "not a socket");
        HOME.banger("daemon", "start").exits(0);
        assertVmWentOn();
    }

    @Test
    void theDaemonsFoldersAndSocketAreTheUsersAlone() throws IOException {
        for (var folder : new java.nio.file.Path[] {
            HOME.state(), HOME.data(), HOME.socket().getParent()
        }) {
            assertEquals("rwx------", mode(folder), folder::toString);
        }
        assertEquals("rw-------", mode(HOME.socket()));
    }

    @Test
    void afterARebootOfTheHostVmsAreStoppedAndStartAgain() {
        HOME.sh(VM, "echo before >/root/before; sync");
        HOME.killDaemon();
        HostProcesses.kill(vmPid);
        // Another boot of the host: its id is another, and the number of the VM's process may be somebody else's.
        Sqlite.run(
                HOME.database(),
                "UPDATE vms SET runtime_json = json_set(runtime_json, '$.bootId',"
                        + " '00000000-0000-0000-0000-000000000000', '$.pid', "
                        + ProcessHandle.current().pid() + ")");
        assertEquals("stopped", HOME.vmState(VM));
        assertTrue(HOME.show(VM).at("pid").isNull());
        HOME.assertNothingLeftOver();
        HOME.banger("vm", "start", VM).exits(0);
        assertEquals("before", HOME.sh(VM, "cat /root/before"));
    }

    @Test
    void aVmThatEndedWhileNoDaemonRanIsStopped() {
        HOME.killDaemon();
        HostProcesses.kill(vmPid);
        assertEquals("stopped", HOME.vmState(VM));
        HOME.assertNothingLeftOver();
    }

    @Test
    void aProcessOfTheSameNumberIsNotTakenForTheVm() {
        HOME.killDaemon();
        HostProcesses.kill(vmPid);
        try (Command other = Command.start(new ProcessBuilder("sleep", "1013"))) {
            Sqlite.run(
                    HOME.database(),
                    "UPDATE vms SET runtime_json = json_set(runtime_json, '$.pid', "
                            + other.process().pid() + ")");
            assertEquals("stopped", HOME.vmState(VM));
            HOME.banger("vm", "kill", VM).exits(0);
            assertTrue(other.process().isAlive());
        }
    }

    @Test
    void itsLogIsShown() {
        assertTrue(HOME.banger("daemon", "logs").exits(0).out().contains("serves, pid"));
    }

    private static String mode(java.nio.file.Path file) throws IOException {
        return java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
