package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The built daemon fails, and then dies as by kill -9, at each named step of a VM's life under QEMU: nothing is left
 * that nobody owns, and the next command works. As root the VM is on a bridge and a port of it is published, so that
 * devices, addresses and rules are among the steps.
 */
@Tag("long")
class FaultTableTest {
    private static final String VM = "beta";

    private static @Nullable NetworkNamespace net;
    private static Home home;
    private static Path order;
    /** The cells that held, by row. */
    private static final Map<String, Integer> HELD = new TreeMap<>();

    @BeforeAll
    static void warm() {
        boolean bridged = NetworkNamespace.possible();
        net = bridged ? new NetworkNamespace() : null;
        home = net == null ? Home.withImage() : Home.withImage(net.enter());
        order = home.folder().resolve("order");
        home.environment().put("BANGER_FAULTS", order.toString());
        home.configure("[defaults]\nvcpus = 1\nmemory = \"384M\"\nnetwork = \"" + (bridged ? "bridge" : "user")
                + "\"\n[network]\nready_taps = 0\n");
        home.banger("image", "warm").exits(0);
    }

    @AfterAll
    static void end() {
        System.out.println("fault table of qemu, failing and dying: steps that hold " + HELD);
        if (home != null) {
            home.close();
        }
        if (net != null) {
            net.close();
        }
    }

    static Stream<String> ofCreate() {
        return Stream.of(
                "VM_RECORDED",
                "DISKS_MADE",
                "TAP_RECORDED",
                "TAP_MADE",
                "TAP_TAKEN",
                "LEASE_RECORDED",
                "FILTER_OPENED",
                "PROCESS_STARTED",
                "PROCESS_RECORDED",
                "GUEST_GREETED",
                "GUEST_READY",
                "RUNNING_RECORDED");
    }

    /** Before the process it is as with a creation. */
    static Stream<String> ofStart() {
        return Stream.of("PROCESS_STARTED", "PROCESS_RECORDED", "GUEST_GREETED", "GUEST_READY", "RUNNING_RECORDED");
    }

    static Stream<String> ofStop() {
        return Stream.of(
                "STOP_RECORDED", "GUEST_DOWN", "FILTER_CLOSED", "LEASE_ENDED", "TAP_GIVEN_BACK", "PROCESS_ENDED");
    }

    /** Between its beginning and the end of the process it is as with a stop. */
    static Stream<String> ofDelete() {
        return Stream.of("DELETION_RECORDED", "PROCESS_ENDED", "FILES_DELETED", "LEASE_FORGOTTEN", "VM_FORGOTTEN");
    }

    @ParameterizedTest
    @MethodSource("ofCreate")
    void create(String step) {
        requireBridge(step);
        home.banger("vm", "delete", "--all").exits(0);
        noReadyDevice();
        failing(step, "vm", "create", "--cold", "--name", VM, "--publish", "8080:80");
        assertEquals(List.of(), home.names());
        noReadyDevice();
        dying(step, "vm", "create", "--name", VM, "--publish", "8080:80");
        if (step.equals("RUNNING_RECORDED")) {
            // It was made; only its client was not told.
            assertEquals("running", home.vmState(VM));
            assertEquals("up", home.sh(VM, "echo up"));
        } else {
            assertEquals(List.of(), home.names());
            nothingRuns();
        }
        holds("create");
    }

    @ParameterizedTest
    @MethodSource("ofStart")
    void start(String step) {
        requireBridge(step);
        if (home.names().isEmpty()) {
            runs();
        }
        home.banger("vm", "stop", "--grace", "0", VM).exits(0);
        noReadyDevice();
        failing(step, "vm", "start", VM);
        isStopped();
        noReadyDevice();
        dying(step, "vm", "start", VM);
        if (step.equals("RUNNING_RECORDED")) {
            assertEquals("up", home.sh(VM, "echo up"));
        } else {
            isStopped();
        }
        holds("start");
    }

    @ParameterizedTest
    @MethodSource("ofStop")
    void stop(String step) {
        requireBridge(step);
        runs();
        ordered("fail", step, "vm", "stop", "--grace", "0", VM);
        home.banger("vm", "stop", "--grace", "0", VM).exits(0);
        isStopped();
        runs();
        dying(step, "vm", "stop", "--grace", "0", VM);
        isStopped();
        holds("stop");
    }

    @ParameterizedTest
    @MethodSource("ofDelete")
    void delete(String step) {
        requireBridge(step);
        runs();
        ordered("fail", step, "vm", "delete", VM);
        home.banger("vm", "delete", "--all").exits(0);
        assertEquals(List.of(), home.names());
        nothingRuns();
        runs();
        dying(step, "vm", "delete", VM);
        assertEquals(List.of(), home.names());
        nothingRuns();
        holds("delete");
    }

    private static void holds(String row) {
        home.assertNothingLeftOver();
        HELD.merge(row, 1, Integer::sum);
    }

    private static void requireBridge(String step) {
        boolean only = step.matches("(TAP|LEASE|FILTER)_.*");
        assumeTrue(net != null || !only, "step " + step + " is of a vm on a bridge, which takes root");
    }

    private static void failing(String step, String... command) {
        ordered("fail", step, command).fails(1, "failed at " + step + ", as a test has ordered");
        nothingRuns();
    }

    private static void dying(String step, String... command) {
        long daemon = home.daemonPid();
        assertNotEquals(0, ordered("die", step, command).exit());
        assertFalse(HostProcesses.isAlive(daemon), "the daemon is still there");
    }

    /** What ends a VM may be noticed by two threads of the daemon; it goes wrong for the first that comes to the step. */
    private static Outcome ordered(String how, String step, String... command) {
        try {
            Files.writeString(order, how + " " + step);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Outcome outcome = home.banger(command);
        assertFalse(Files.exists(order), () -> "it did not come by " + step + ": " + outcome);
        return outcome;
    }

    /** A new VM, whatever there was. */
    private static void runs() {
        home.banger("vm", "delete", "--all").exits(0);
        home.create(VM, "--publish", "8080:80");
    }

    private static void isStopped() {
        assertEquals("stopped", home.vmState(VM));
        nothingRuns();
    }

    private static void nothingRuns() {
        assertEquals(
                List.of(),
                HostProcesses.of(home.folder()).stream()
                        .filter(process -> process.line().contains("qemu-system"))
                        .toList());
        if (net != null) {
            String rules = net.rules();
            assertFalse(rules.contains("8080") || rules.contains("tap-pool-"), rules);
        }
    }

    /** A device that was given back is deleted in the background; until then it would be taken instead of a new one. */
    private static void noReadyDevice() {
        NetworkNamespace own = net;
        if (own != null) {
            Wait.until(
                    "the devices to be deleted",
                    () -> own.devices().stream().noneMatch(device -> device.startsWith("tap-pool-")));
        }
    }
}
