package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images built by steps inside a VM. A later test goes on with what an earlier one built, as each boot costs seconds. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BuildTest {
    @RegisterExtension
    static final Home HOME = Home.withoutTemplate();

    @RegisterExtension
    static final PrivateServer SERVER = PrivateServer.start();

    private static final String RECIPE = """
            from = "debian"
            steps = [
                { copy = "conf", to = "/opt/" },
                { copy = "opt.service", to = "/etc/systemd/system/" },
                "useradd -m dev; echo first > /etc/first; echo home > /root/from-build; echo $MODE in the step",
                "mv /opt/conf /opt/moved; rm /etc/first; curl -sS $SERVER >/opt/fetched",
            ]
            services = ["opt.service"]
            readiness = ["path:/run/opt-is-up"]
            user = "dev"

            [env]
            MODE = "of the image"
            SERVER = "%s"
            """;

    private static final String PYTHON =
            "'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())'";

    private static final String SERVICE = """
            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=touch /run/opt-is-up
            [Install]
            WantedBy=multi-user.target
            """;

    /** What update-ca-certificates does, which takes minutes under emulation. */
    private static final String BUNDLING = "cat /usr/share/ca-certificates/mozilla/*.crt"
            + " /usr/local/share/ca-certificates/*.crt > /etc/ssl/certs/ca-certificates.crt;"
            + " ln -s /usr/local/share/ca-certificates/banger-host.crt /etc/ssl/certs/banger-host.pem";

    @BeforeAll
    static void write() throws IOException {
        HOME.configure("[guest]\nca_certificates = \"" + SERVER.authority()
                + "\"\n[build]\ndisk = \"512M\"\nmemory = \"512M\"\n");
        Files.createDirectories(HOME.folder().resolve("conf"));
        Files.writeString(HOME.folder().resolve("conf/file"), "content");
        Files.writeString(HOME.folder().resolve("opt.service"), SERVICE);
        Files.writeString(HOME.folder().resolve("banger.toml"), RECIPE.formatted(SERVER.url()));
        Files.createDirectories(HOME.folder().resolve(".claude"));
        Files.writeString(HOME.folder().resolve(".claude/.credentials.json"), "{\"secret\":\"b4ng3r-s3cr3t\"}");
    }

    @Test
    @Order(1)
    void aRecipesStepsBecomeLayersOfTheirOwn() {
        Outcome built = build();
        assertEquals(0, built.exit(), built.err());
        assertTrue(built.err().contains("  of the image in the step"), built.err());
        Json image = image("app");
        List<Json> layers = image.at("layers").items();
        assertEquals(6, layers.size());
        assertTrue(
                image.at("packages").number() > 50,
                HOME.banger("image", "show", "app").text());
        assertEquals(
                image("debian").at("layers").items().getFirst().at("digest").text(),
                layers.getFirst().at("digest").text());
        assertTrue(diff(4).contains("A /etc/first"), diff(4));
        assertTrue(diff(5).contains("D /etc/first"), diff(5));
        assertFalse(diff(2).contains("/var/log"), "what the boot changed is no step's: " + diff(2));
        String log = read(HOME.state().resolve("builds/app.log"));
        assertTrue(log.contains("step 3/5: run useradd -m dev"), log);
        assertTrue(log.contains("  of the image in the step"), log);
        assertNothingIsUnderWay();
    }

    @Test
    @Order(2)
    void withoutAChangeNothingRuns() {
        String id = image("app").at("id").text();
        Outcome again = build();
        assertEquals(0, again.exit(), again.err());
        assertTrue(again.err().contains("step 5/5: enable opt.service (cached)"), again.err());
        assertFalse(again.err().contains("boot:"), again.err());
        assertEquals(id, image("app").at("id").text());
    }

    @Test
    @Order(3)
    void commandsInItsVmsAreWhoAndWhereTheImageSays() {
        HOME.create("app", "--image", "app", "--memory", "512M");
        assertEquals("dev", HOME.banger("vm", "exec", "app", "whoami").text());
        assertEquals(
                "root", HOME.banger("vm", "exec", "-u", "root", "app", "whoami").text());
        assertEquals("of the image", HOME.sh("app", "echo $MODE"));
        assertEquals(
                "mine",
                HOME.banger("vm", "exec", "-e", "MODE=mine", "app", "printenv", "MODE")
                        .text());
        assertEquals("content", HOME.sh("app", "cat /opt/moved/file; test ! -e /opt/conf; test ! -e /etc/first"));
        // Readiness was waited for.
        assertEquals("", HOME.sh("app", "ls /run/opt-is-up >/dev/null"));
        assertEquals("home", asRoot("cat /root/from-build"));
        assertEquals("600 root", asRoot("stat -c '%a %U' /root/.claude/.credentials.json"));
        assertEquals("{\"secret\":\"b4ng3r-s3cr3t\"}", asRoot("cat /root/.claude/.credentials.json"));
        assertEquals(PrivateServer.ANSWER, HOME.sh("app", "cat /opt/fetched"), "the build trusted what the host does");
        for (String program : List.of("curl -sS", "python3 -c " + PYTHON)) {
            assertEquals(PrivateServer.ANSWER, HOME.sh("app", program + " " + SERVER.url()), program);
        }
        assertNotEquals(
                0,
                HOME.banger("vm", "exec", "-e", "CURL_CA_BUNDLE=/dev/null", "app", "curl", "-sS", SERVER.url())
                        .exit(),
                "whoever does not know the authority is refused");
        HOME.banger("vm", "delete", "app").exits(0);
    }

    @Test
    @Order(4)
    void whatFailsLeavesTheStepsBeforeItAndNoImage() throws IOException {
        long layers = layers();
        Outcome failed = HOME.banger(
                "image",
                "build",
                "bad",
                "--from",
                "debian",
                "--run",
                "echo kept > /kept",
                "--run",
                "echo reason; exit 7");
        assertEquals(1, failed.exit());
        assertTrue(
                failed.err().contains("step 2/2 of image bad (run echo reason; exit 7) failed: exit status 7"),
                failed.err());
        assertTrue(failed.err().contains("\nreason\n"), failed.err());
        assertTrue(failed.err().contains("builds/bad.log"), failed.err());
        assertFalse(HOME.banger("image", "list", "-q").text().contains("bad"));
        assertEquals(layers + 1, layers());
        assertNothingIsUnderWay();

        // A full disk and a hanging step, behind the one that is kept.
        Path recipe = HOME.folder().resolve("bad.toml");
        Files.writeString(recipe, """
                from = "debian"
                steps = ["echo kept > /kept", "fallocate -l 2G /fill || sleep 1000"]
                step_timeout = "10s"
                """);
        Outcome hung = HOME.banger("image", "build", "bad", "-f", recipe.toString());
        assertEquals(1, hung.exit());
        assertTrue(hung.err().contains("step 1/2: run echo kept > /kept (cached)"), hung.err());
        assertTrue(hung.err().contains("No space left on device"), hung.err());
        assertTrue(hung.err().contains("it did not end within 10 s"), hung.err());
        assertNothingIsUnderWay();
    }

    @Test
    @Order(5)
    void aDaemonThatIsKilledLeavesNoMachineAndNoHalfImage() throws IOException {
        var build = HOME.start("image", "build", "cut", "--from", "debian", "--run", "echo begun; sleep 1000");
        Wait.until(
                "the step to run",
                () -> Files.exists(HOME.state().resolve("builds/cut.log"))
                        && read(HOME.state().resolve("builds/cut.log")).contains("begun"));
        HOME.killDaemon();
        assertNotEquals(0, build.waitFor().exit());
        assertFalse(HOME.banger("image", "list", "-q").text().contains("cut"));
        assertNothingIsUnderWay();

        HOME.start("image", "build", "cut", "--from", "debian", "--run", "echo begun again; sleep 1000");
        Wait.until(
                "the step to run",
                () -> read(HOME.state().resolve("builds/cut.log")).contains("begun again"));
        String operation = HOME.banger("operation", "list")
                .text()
                .lines()
                .filter(line -> line.contains("image.build") && line.contains("running"))
                .findFirst()
                .orElseThrow()
                .split(" ")[0];
        HOME.banger("operation", "cancel", operation).exits(0);
        Wait.until(
                "the build to end",
                () -> HOME.banger("operation", "list").text().contains("cancelled"));
        assertNothingIsUnderWay();
    }

    @Test
    @Order(6)
    void aRecipeThatIsWrongIsRefusedAsAWhole() throws IOException {
        Path recipe = HOME.folder().resolve("wrong.toml");
        Files.writeString(recipe, "form = \"debian\"\npackages = [\"jq\"]\nsteps = [{ rum = \"x\" }]\n");
        Outcome refused = HOME.banger("image", "build", "wrong", "-f", recipe.toString());
        assertEquals(1, refused.exit());
        assertTrue(refused.err().contains("line 1: unknown key form; did you mean from?"), refused.err());
        assertTrue(refused.err().contains("line 3: unknown key rum of a step; did you mean run?"), refused.err());
        assertTrue(HOME.banger("image", "build", "x", "--run", "true")
                .err()
                .contains("nothing says what image x begins with"));
        assertTrue(HOME.banger("image", "build", "debian", "--from", "debian", "--run", "true")
                .err()
                .contains("of itself"));
        assertTrue(HOME.banger("image", "build", "x", "--from", "moon", "--run", "true")
                .err()
                .contains("moon"));
        assertTrue(HOME.banger("image", "build", "x", "--from", "debian", "--copy", "/nowhere:/x")
                .err()
                .contains("there is no /nowhere"));
    }

    @Test
    @Order(7)
    void pruneSaysWhatItFreesAndKeepsWhatAnImageHas() {
        Outcome asked = HOME.banger("image", "prune").fails(1, "nothing was removed", "--yes");
        assertTrue(asked.out().contains("build step: run echo kept > /kept"), asked.out());
        assertTrue(asked.out().contains("will be freed"), asked.out());
        HOME.banger("image", "prune", "--yes").exits(0);
        assertFalse(HOME.banger("image", "prune", "--dry-run").text().contains("echo kept"));
        Outcome again = build();
        assertEquals(0, again.exit(), again.err());
        assertTrue(again.err().contains("step 5/5: enable opt.service (cached)"), again.err());
        assertNothingIsUnderWay();
    }

    @Test
    @Tag("long")
    @Order(8)
    void packagesAndCopiesOnTheCommandLineBecomeStepsAndNothingOfTheHostDoes() throws IOException {
        Outcome built = HOME.banger(
                "image",
                "build",
                "packed",
                "--from",
                "debian",
                "--install",
                "tree",
                "--copy",
                HOME.folder().resolve("conf") + ":/opt/conf",
                "--run",
                BUNDLING);
        assertEquals(0, built.exit(), built.err());
        assertTrue(diff("packed", 2).contains("A /usr/bin/tree"), diff("packed", 2));
        assertTrue(diff("packed", 3).contains("A /opt/conf/file"), diff("packed", 3));
        String trusted = diff("packed", 4);
        assertTrue(
                trusted.contains("/etc/ssl/certs/ca-certificates.crt"),
                "the image has a bundle of its own: " + trusted);
        assertFalse(trusted.contains("banger-host"), trusted);
        String authority = Files.readAllLines(Path.of(SERVER.authority())).get(2);
        for (String hosts : List.of(authority, "b4ng3r-s3cr3t")) {
            Outcome found = Command.start(new ProcessBuilder(
                            "grep",
                            "-rlaF",
                            hosts,
                            HOME.data().resolve("layers").toString(),
                            HOME.data().resolve("seeds").toString(),
                            HOME.state().toString()))
                    .waitFor();
            assertEquals(1, found.exit(), found.out());
        }
    }

    private static Outcome build() {
        return HOME.banger(
                "image",
                "build",
                "app",
                "-f",
                HOME.folder().resolve("banger.toml").toString());
    }

    private static Json image(String name) {
        return Json.parse(HOME.banger("image", "show", name, "--format", "json").text());
    }

    private static String diff(int layer) {
        return diff("app", layer);
    }

    private static String diff(String image, int layer) {
        return HOME.banger("image", "diff", image, "--layer", "" + layer).text();
    }

    private static String asRoot(String script) {
        return HOME.banger("vm", "exec", "-u", "root", "app", "sh", "-c", script)
                .text();
    }

    private static long layers() throws IOException {
        try (Stream<Path> files = Files.list(HOME.data().resolve("layers"))) {
            return files.count();
        }
    }

    private static void assertNothingIsUnderWay() {
        HOME.assertNothingLeftOver();
        assertEquals(
                List.of(),
                HostProcesses.of(HOME.folder()).stream()
                        .filter(process -> process.line().contains("qemu"))
                        .toList());
        try (Stream<Path> files = Files.list(HOME.data().resolve("tmp"))) {
            assertEquals(List.of(), files.toList());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
