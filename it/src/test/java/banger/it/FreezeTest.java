package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Suspending, resuming, forking and taking back one running VM, with a process that must not notice. */
@TestMethodOrder(MethodOrderer.MethodName.class)
class FreezeTest {
    private static final int CYCLES = 3;

    /** Appends numbered records, each synced before the next; and counts in memory only. */
    private static final String WORKER = """
            cat >/root/worker.py <<'PYTHON'
            import os, time, zlib
            log = os.open("/root/log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            number = open("/root/log").read().count("\\n")
            while True:
                text = "%d %d" % (number, time.time_ns())
                os.write(log, ("%s %08x\\n" % (text, zlib.crc32(text.encode()))).encode())
                os.fsync(log)
                open("/run/acknowledged", "w").write(str(number))
                number += 1
                time.sleep(0.05)
            PYTHON
            echo secret >/run/unsaved
            nohup python3 /root/worker.py >/dev/null 2>&1 &
            echo $! >/run/worker
            until [ -s /run/acknowledged ]; do sleep 0.1; done
            """;

    /** Serves what has not been saved. */
    private static final String SERVER = """
            cd /run
            nohup python3 -m http.server 8000 >/dev/null 2>&1 &
            until grep -q ':1F40 ' /proc/net/tcp; do sleep 0.1; done
            """;

    /** Every record that was acknowledged is there, whole and in its place. */
    private static final String RECORDS = """
            python3 - <<'PYTHON'
            import zlib
            told = int(open("/run/acknowledged").read() or -1)
            lines = open("/root/log").read().split("\\n")[:-1]
            assert len(lines) > told, (len(lines), told)
            for number, line in enumerate(lines):
                text, crc = line.rsplit(" ", 1)
                assert text.split()[0] == str(number) and int(crc, 16) == zlib.crc32(text.encode()), (number, line)
            print("whole")
            PYTHON
            """;

    private static final String CHECK = "kill -0 $(cat /run/worker) && sleep 0.3 && " + RECORDS;

    @RegisterExtension
    static final Home HOME = Home.withoutTemplate();

    @BeforeAll
    static void aVmWorks() {
        HOME.create("one", "--publish", "8000");
        HOME.sh("one", WORKER);
        HOME.sh("one", SERVER);
    }

    private static void goesOn(String vm) {
        assertEquals("running", HOME.vmState(vm));
        assertEquals("whole", HOME.sh(vm, CHECK));
        assertEquals("secret", HOME.sh(vm, "cat /run/unsaved"));
    }

    private static Path folder(String vm) {
        return HOME.data().resolve("vms").resolve(HOME.show(vm).at("id").text());
    }

    @Test
    void aSuspendedVmHasNoProcessAndExecResumesIt() {
        String bootId = HOME.sh("one", "cat /proc/sys/kernel/random/boot_id");
        HOME.banger("vm", "suspend", "one").exits(0);
        assertEquals("suspended", HOME.vmState("one"));
        assertTrue(HOME.show("one").at("pid").isNull(), "a suspended vm has no process");
        assertEquals(bootId, HOME.sh("one", "cat /proc/sys/kernel/random/boot_id"));
        goesOn("one");
    }

    @Test
    void aSuspendedVmOutlivesTheDaemonAndAHostsReboot() throws IOException {
        HOME.banger("vm", "suspend", "one").exits(0);
        HOME.killDaemon();
        // What a reboot changes: the boot id that was written down is another's, so everything is read and checked.
        Path manifest = folder("one").resolve("suspended/frozen.properties");
        assertTrue(manifest.toFile().setWritable(true));
        Files.writeString(manifest, Files.readString(manifest).replaceAll("(?m)^host_boot=.*$", "host_boot=another"));
        assertEquals("suspended", HOME.vmState("one"));
        HOME.banger("vm", "resume", "one").exits(0);
        goesOn("one");
    }

    @Test
    void aConnectionToAPublishedPortWakesItAlsoWhereTheDaemonIsAnother() throws IOException, InterruptedException {
        String port = HOME.banger("vm", "ports", "-q", "one").text();
        HOME.banger("vm", "suspend", "one").exits(0);
        assertEquals("secret", unsavedOverHttp(port));
        goesOn("one");
        HOME.banger("vm", "suspend", "one").exits(0);
        HOME.killDaemon();
        assertEquals("suspended", HOME.vmState("one"));
        assertEquals("secret", unsavedOverHttp(port));
        goesOn("one");
    }

    /** @param port where the guest's is published */
    private static String unsavedOverHttp(String port) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + port + "/unsaved"));
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body()
                    .strip();
        }
    }

    @Test
    void aSuspendThatFailsLeavesTheVmRunning() throws IOException {
        Files.createDirectories(folder("one").resolve("suspended/in-the-way"));
        Outcome failed = HOME.banger("vm", "suspend", "one");
        assertTrue(failed.exit() != 0 && failed.err().contains("it goes on"), failed.err());
        goesOn("one");
        HOME.banger("vm", "suspend", "one").exits(0);
        HOME.banger("vm", "resume", "one").exits(0);
        goesOn("one");
    }

    @Test
    void aDaemonThatIsKilledWhileItSuspendsLosesNothing() {
        try (Command client = HOME.start("vm", "suspend", "one")) {
            Wait.until("the freezing", () -> HOME.vmState("one").matches("freezing|suspended"));
            HOME.killDaemon();
        }
        assertTrue(List.of("running", "suspended").contains(HOME.vmState("one")));
        HOME.banger("vm", "resume", "one").exits(0);
        goesOn("one");
    }

    @Test
    void forksHaveTheMemoryOfTheSourceAndAnIdentityOfTheirOwn() {
        assertEquals(
                "two\nthree", HOME.banger("vm", "fork", "one", "two", "three").text());
        String identity = "cat /etc/machine-id /proc/sys/kernel/random/boot_id /sys/class/net/eth0/address; hostname;"
                + " sha256sum </etc/ssh/ssh_host_ed25519_key; cat /proc/sys/kernel/random/uuid";
        List<String> source = HOME.sh("one", identity).lines().toList();
        for (String copy : List.of("two", "three")) {
            goesOn(copy);
            List<String> own = HOME.sh(copy, identity).lines().toList();
            for (int line = 0; line < source.size(); line++) {
                assertNotEquals(source.get(line), own.get(line));
            }
        }
        goesOn("one");
        HOME.banger("vm", "delete", "two", "three").exits(0);
        HOME.assertNothingLeftOver();
    }

    @Test
    void nothingIsLostOverManyCycles() {
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            HOME.banger("vm", "suspend", "one").exits(0);
            HOME.banger("vm", "resume", "one").exits(0);
            HOME.banger("vm", "fork", "one", "copy").exits(0);
            goesOn("copy");
            HOME.banger("vm", "stop", "copy").exits(0);
            assertDisksAreClean("copy");
            HOME.banger("vm", "delete", "copy").exits(0);
            goesOn("one");
        }
    }

    /** As much as is linked and not copied where the file system has no reflinks. */
    @Test
    void copiesOfALargeDiskGoTheirOwnWaysAndAreMadeAnImageOf() {
        HOME.create("large");
        HOME.sh(
                "large",
                "head -c 40M /dev/urandom >/root/data; cp /root/data /opt/data; sync; sha256sum </root/data >/root/sum");
        String sum = HOME.sh("large", "cat /root/sum");
        HOME.banger("vm", "fork", "large", "left", "right").exits(0);
        HOME.banger("vm", "snapshot", "create", "large", "point").exits(0);
        for (String vm : List.of("large", "left", "right")) {
            HOME.sh(vm, "echo of " + vm + " >/root/own; echo of " + vm + " >/opt/own; sync");
        }
        for (String vm : List.of("large", "left", "right")) {
            HOME.banger("vm", "stop", vm).exits(0);
            HOME.banger("vm", "start", vm).exits(0);
            assertEquals("of " + vm + "\nof " + vm, HOME.sh(vm, "cat /root/own /opt/own"));
            assertEquals(sum, HOME.sh(vm, "sha256sum </root/data"));
            assertEquals(sum, HOME.sh(vm, "sha256sum </opt/data"));
        }
        HOME.banger("vm", "snapshot", "restore", "large", "point").exits(0);
        assertEquals(sum, HOME.sh("large", "test ! -e /root/own && sha256sum </opt/data"));
        HOME.banger("vm", "delete", "large").exits(0);
        HOME.banger("vm", "stop", "left").exits(0);
        HOME.banger("image", "commit", "left", "committed").exits(0);
        HOME.create("made", "--image", "committed");
        assertEquals("of left\n" + sum, HOME.sh("made", "cat /opt/own; sha256sum </opt/data"));
        HOME.banger("vm", "suspend", "right").exits(0);
        assertEquals(sum, HOME.sh("right", "sha256sum </root/data"));
        HOME.banger("vm", "delete", "left", "right", "made").exits(0);
        HOME.assertNothingLeftOver();
    }

    private static void assertDisksAreClean(String vm) {
        for (String disk : List.of("root.ext4", "work.ext4")) {
            Command.ok("e2fsck", "-fn", folder(vm).resolve(disk).toString());
        }
    }

    @Test
    void theSourceStopsAndStartsWithEveryRecord() {
        String acknowledged = HOME.sh("one", "cat /run/acknowledged");
        HOME.banger("vm", "stop", "one").exits(0);
        assertDisksAreClean("one");
        HOME.banger("vm", "start", "one").exits(0);
        assertEquals("whole", HOME.sh("one", "echo " + acknowledged + " >/run/acknowledged\n" + RECORDS));
        HOME.sh("one", WORKER);
        HOME.sh("one", SERVER);
        goesOn("one");
    }

    @Test
    void theVmIsTakenBackToASnapshotInPlace() {
        HOME.banger("vm", "snapshot", "create", "one", "good").exits(0);
        HOME.sh("one", "echo lost >/run/unsaved; rm /root/worker.py; sync");
        HOME.banger("vm", "snapshot", "restore", "one", "good").exits(0);
        goesOn("one");
        HOME.sh("one", "test -e /root/worker.py");
        assertEquals("good", HOME.banger("vm", "snapshot", "list", "one", "-q").text());
        HOME.banger("vm", "snapshot", "delete", "one", "good").exits(0);
        HOME.assertNothingLeftOver();
    }
}
