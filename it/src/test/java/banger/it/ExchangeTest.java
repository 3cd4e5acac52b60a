package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.it.FaultyRegistry.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An image goes through a real registry to a host that has nothing, and survives what registries do on the way. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExchangeTest {
    private static final int LAST = Integer.MAX_VALUE;

    @RegisterExtension
    static final LoopbackRegistry REGISTRY = LoopbackRegistry.start();

    @RegisterExtension
    static final FaultyRegistry FAULTY = new FaultyRegistry(REGISTRY);

    @RegisterExtension
    static final Home FROM = Home.withoutTemplate();

    /** Without any image or kernel. */
    @RegisterExtension
    static final Home TO = Home.empty();

    private static final Path FAULTS = TO.folder().resolve("faults");

    static {
        TO.environment().put("BANGER_FAULTS", FAULTS.toString());
    }

    private static final String REFERENCE = FAULTY.name() + "/team/app:1";

    @BeforeAll
    static void pushAnImage() {
        ContainerImage source = ContainerImage.in(FROM.folder());
        FROM.banger("image", "import", source.layout().toString(), "--name", "app")
                .exits(0);
        FAULTY.fail(Fault.NO_UPLOADS, 3);
        FROM.banger("image", "push", "app", REFERENCE).fails(1, "pushing to " + REFERENCE + " failed", "upload");
        FAULTY.fail(Fault.NONE, 0);
        TO.banger("image", "pull", REFERENCE).fails(1, "has no " + REFERENCE);
        FROM.banger("image", "push", "app", REFERENCE).exits(0);
    }

    @BeforeEach
    void nothingFails() {
        FAULTY.fail(Fault.NONE, 0);
    }

    private static void nothingWasMade() {
        assertEquals("", TO.banger("image", "list", "-q").text());
        assertEquals("", TO.banger("kernel", "list", "-q").text());
        TO.assertNothingLeftOver();
    }

    @Test
    void aRegistryThatDoesNotLetUsInIsNamedAndHowToLogIn() {
        FAULTY.fail(Fault.UNAUTHORIZED, 0);
        TO.banger("image", "pull", REFERENCE).fails(1, FAULTY.name(), "401", "docker login");
        FROM.banger("image", "push", "app", REFERENCE).fails(1, FAULTY.name(), "401", "docker login");
        nothingWasMade();
    }

    @Test
    void aChunkWithAnotherDigestIsRefused() {
        FAULTY.fail(Fault.DAMAGED, 2);
        TO.banger("image", "pull", REFERENCE).fails(1, "is damaged", "sha256:");
        nothingWasMade();
    }

    @Test
    void anIndexWithoutThisArchitectureIsRefused() throws IOException {
        Path manifest = TO.folder().resolve("manifest.json");
        Files.write(manifest, REGISTRY.manifest("team/app", "1"));
        Path index = Files.writeString(TO.folder().resolve("index.json"), """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[
                {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%d,
                "platform":{"architecture":"s390x","os":"linux"}}]}""".formatted(
                        ContainerImage.sha256(manifest), Files.size(manifest)));
        REGISTRY.putManifest("team/app", "others", "application/vnd.oci.image.index.v1+json", index);
        TO.banger("image", "pull", FAULTY.name() + "/team/app:others")
                .fails(1, "not for this machine", "linux/amd64", "linux/s390x");
        FROM.banger("image", "import", FAULTY.name() + "/team/app:others", "--name", "other")
                .fails(1, "not for this machine", "linux/amd64", "linux/s390x");
        nothingWasMade();
    }

    @Test
    void whatCannotBePulledOrPushedIsSaid() {
        ContainerImage.in(TO.folder()).push(REGISTRY, "team/container", "1");
        TO.banger("image", "pull", FAULTY.name() + "/team/container:1").fails(1, "banger image import");
        FROM.banger("image", "import", REFERENCE, "--name", "other").fails(1, "banger image pull");
        TO.banger("image", "pull", "app").fails(1, "names no registry");
        TO.banger("image", "pull", REFERENCE, "--name", "No Name").fails(1, "No Name");
        FROM.banger("image", "push", "none", REFERENCE).fails(1, "none");
        TO.configure("[import]\nmax_size = \"20MiB\"\n");
        TO.banger("daemon", "restart").exits(0);
        TO.banger("image", "pull", REFERENCE).fails(1, "20971520 bytes", "import.max_size");
        TO.configure("");
        TO.banger("daemon", "restart").exits(0);
        nothingWasMade();
    }

    @Test
    void anImportThatTheRegistryFailsLeavesNothing() throws IOException {
        ContainerImage.in(Files.createDirectory(FROM.folder().resolve("imported")))
                .push(REGISTRY, "team/imported", "1");
        String reference = FAULTY.name() + "/team/imported:1";
        String[] words = {"image", "import", reference, "--name", "imported"};
        FAULTY.fail(Fault.UNAUTHORIZED, 0);
        FROM.banger(words).fails(1, FAULTY.name(), "401", "docker login");
        FAULTY.fail(Fault.CUT, 1);
        FROM.banger(words).fails(1, "fetching", "bytes came");
        FAULTY.fail(Fault.DAMAGED, 1);
        FROM.banger(words).fails(1, "is damaged", "sha256:");
        assertFalse(FROM.banger("image", "list", "-q").text().contains("imported"));
        FROM.assertNothingLeftOver();
    }

    @Test
    void aPullFromARegistryThatDoesNotGoOnIsCancelledAtOnce() {
        FAULTY.fail(Fault.STALLED, 1);
        try (Command pulling = TO.start("image", "pull", REFERENCE)) {
            Wait.until("two blobs to be asked for", () -> FAULTY.fetched().size() == 2);
            String operation = TO.banger("operation", "list")
                    .text()
                    .lines()
                    .filter(line -> line.contains("running"))
                    .findFirst()
                    .orElseThrow()
                    .split(" ")[0];
            TO.banger("operation", "cancel", operation).exits(0);
            assertTrue(pulling.waitFor().exit() != 0);
        }
        nothingWasMade();
        TO.banger("image", "prune", "--yes").exits(0);
    }

    @Test
    void aDaemonThatDiesBeforeThePulledImageIsRecordedLeavesNoKernel() throws IOException {
        Files.writeString(FAULTS, "die KERNEL_ADOPTED");
        TO.banger("image", "pull", REFERENCE).exits(1);
        nothingWasMade();
        TO.banger("image", "prune", "--yes").exits(0);
    }

    @Test
    @Order(LAST)
    void aPullThatIsCutOffGoesOnAndTheImageBoots() throws IOException {
        FAULTY.fail(Fault.CUT, 3);
        TO.banger("image", "pull", REFERENCE).fails(1, "fetching", "bytes came");
        nothingWasMade();
        Set<String> had = new TreeSet<>(FAULTY.fetched().subList(1, 3));

        FAULTY.fail(Fault.STALLED, 4);
        try (Command pulling = TO.start("image", "pull", REFERENCE)) {
            Wait.until("five blobs to be asked for", () -> FAULTY.fetched().size() == 5);
            TO.killDaemon();
            assertTrue(pulling.waitFor().exit() != 0);
        }
        had.addAll(FAULTY.fetched().subList(1, 4));
        nothingWasMade();

        FAULTY.fail(Fault.NONE, 0);
        TO.banger("image", "pull", REFERENCE).exits(0);
        List<String> last = FAULTY.fetched();
        had.forEach(digest -> assertFalse(last.contains(digest), digest + " was fetched again"));

        TO.create("pulled", "--image", "app");
        assertEquals("second", TO.sh("pulled", "cat /etc/added"));
        assertEquals("4755", TO.sh("pulled", "stat -c %a /bin/setuid"));
        assertEquals("from the image", TO.sh("pulled", "cat /root/greeting"));
        String keys = TO.sh("pulled", "cat /root/.ssh/authorized_keys");
        String other = Files.readString(FROM.folder().resolve("c/banger/ssh/id_ed25519.pub"));
        assertFalse(keys.contains(other.split(" ")[1]), "the key of the host that pushed does not travel");
        Json here =
                Json.parse(TO.banger("image", "show", "app", "--format", "json").text());
        Json there = Json.parse(
                FROM.banger("image", "show", "app", "--format", "json").text());
        for (String field : List.of("environment", "user", "folder", "entrypoint", "ports", "kernel", "readiness")) {
            assertEquals(there.at(field).text(), here.at(field).text());
        }
        assertEquals(
                there.at("layers").items().getFirst().at("digest").text(),
                here.at("layers").items().getFirst().at("digest").text());
        TO.banger("vm", "delete", "pulled").exits(0);
        try (var left = Files.list(TO.folder().resolve("h/banger/pull"))) {
            assertEquals(List.of(), left.toList());
        }
        FAULTY.fail(Fault.NONE, 0);
        TO.banger("image", "pull", REFERENCE, "--name", "again").exits(0);
        assertTrue(FAULTY.fetched().size() < last.size(), "layers and kernels that are here are not fetched");
    }
}
