package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Templates: made by themselves, restored from, and never shared secrets of. */
class TemplateTest {
    /**
     * Prints a line for each secret, first thing in the guest. Of TCP's sequence numbers it prints the part that comes
     * of the kernel's key: the clock, which is the other part, is taken away as far as it is known, in three connections.
     */
    static final String SECRETS = """
            cat /etc/machine-id /proc/sys/kernel/random/boot_id /proc/sys/kernel/random/uuid
            cat /sys/class/net/eth0/address
            sha256sum </etc/ssh/ssh_host_ed25519_key
            hostname
            openssl rand -hex 16
            head -c 16 /dev/urandom | od -An -tx1
            python3 - <<'PYTHON'
            import secrets, socket, struct, time, uuid
            print(secrets.token_hex(16))
            print(uuid.uuid4())
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
            wire.bind(("lo", 0))
            parts = []
            for port in (4001, 4002, 4003):
                listener = socket.create_server(("127.0.0.1", port))
                before = time.time_ns() >> 6
                socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.1", port + 1000)).close()
                after = time.time_ns() >> 6
                while True:
                    tcp = wire.recv(200)[34:]
                    if struct.unpack(">H", tcp[2:4])[0] == port and tcp[13] == 2:
                        break
                number = struct.unpack(">I", tcp[4:8])[0]
                parts.append(str(((number - after) % 2**32) >> 24))
            print("tcp " + " ".join(parts))
            PYTHON
            """;

    private static final int COPIES = 4;

    @RegisterExtension
    static final Home HOME = Home.withImage();

    @AfterEach
    void deleteAll() {
        HOME.banger("vm", "delete", "--all").exits(0);
        HOME.assertNothingLeftOver();
    }

    private static List<String> templates() {
        return HOME.banger("template", "list", "-q").text().lines().toList();
    }

    private static void warm() {
        if (templates().isEmpty()) {
            HOME.banger("image", "warm", "debian").exits(0);
        }
    }

    @Test
    void vmsOfOneTemplateShareNoSecret() {
        warm();
        var lines = new ArrayList<List<String>>();
        for (int i = 0; i < COPIES; i++) {
            Outcome created = HOME.banger("vm", "create", "--name", "twin-" + i);
            assertTrue(restored(created), created.err());
            lines.add(HOME.sh("twin-" + i, SECRETS).lines().toList());
        }
        for (int line = 0; line < lines.getFirst().size(); line++) {
            var seen = new HashSet<String>();
            for (List<String> each : lines) {
                assertTrue(seen.add(each.get(line)), "line " + line + " twice: " + each.get(line));
            }
        }
    }

    @Test
    void aRestoredVmHasTheSizeAskedForAndStartsColdFromItsDisks() {
        warm();
        HOME.create("large", "--disk", "12G");
        assertTrue(Long.parseLong(
                        HOME.sh("large", "df --output=size -k /root | tail -1").strip())
                > 11 << 20);
        HOME.sh("large", "echo kept >/root/kept; sync");
        HOME.banger("vm", "restart", "large").exits(0);
        assertEquals("kept", HOME.sh("large", "cat /root/kept"));
    }

    @Test
    void aDamagedTemplateIsRemovedAndTheCreateSaysThatItGoesCold() throws IOException {
        warm();
        Path devices = onlyFolder(HOME.data().resolve("templates")).resolve("devices");
        assertTrue(devices.toFile().setWritable(true));
        try (var file = new RandomAccessFile(devices.toFile(), "rw")) {
            file.seek(file.length() / 2);
            file.write(new byte[4096]);
        }
        Outcome created = HOME.banger("vm", "create", "--name", "cold").exits(0);
        assertTrue(created.err().contains("booting cold"), created.err());
        assertEquals("cold", HOME.sh("cold", "hostname"));
        assertEquals(List.of(), templates());
    }

    @Test
    void aCreateThatBootedHasATemplateMadeForTheNextUnlessTheDaemonEnds() {
        try (Home home = Home.withImage()) {
            home.configureWholly("[templates]\nautomatic = true\n");
            assertFalse(restored(home.banger("vm", "create", "--name", "first")));
            Wait.until(
                    "a template",
                    () -> !home.banger("template", "list", "-q").text().isEmpty());
            assertTrue(restored(home.banger("vm", "create", "--name", "second")));
            assertEquals("second", home.sh("second", "hostname"));

            home.banger(
                            "template",
                            "delete",
                            home.banger("template", "list", "-q").text())
                    .exits(0);
            home.banger("vm", "create", "--name", "third").exits(0);
            Wait.until("another", () -> !makers(home).isEmpty());
            home.banger("daemon", "stop").exits(0);
            assertEquals(List.of(), makers(home), "a daemon that ends gives it up");
            assertEquals("", home.banger("template", "list", "-q").text());
            home.banger("vm", "delete", "--all").exits(0);
        }
    }

    private static List<HostProcesses.Entry> makers(Home home) {
        return HostProcesses.of(home.folder()).stream()
                .filter(process -> process.line().contains("-name banger-template"))
                .toList();
    }

    private static Path onlyFolder(Path parent) throws IOException {
        try (Stream<Path> folders = Files.list(parent)) {
            List<Path> found = folders.toList();
            assertEquals(1, found.size());
            return found.getFirst();
        }
    }

    /** And not booted after all. */
    static boolean restored(Outcome created) {
        String told = created.exits(0).err();
        return told.contains("restoring its memory") && !told.contains("booting the kernel");
    }
}
