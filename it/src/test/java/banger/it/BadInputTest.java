package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person may give wrongly: a clear line, an exit code, and nothing half-made. */
class BadInputTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    @BeforeAll
    static void startTheDaemon() {
        HOME.banger("daemon", "start").exits(0);
    }

    @AfterEach
    void noVmWasMade() throws IOException {
        try (Rpc client = Rpc.connect(HOME)) {
            assertEquals(
                    List.of(),
                    client.call("vm.list", "{}").at("result").at("vms").items());
        }
    }

    @AfterAll
    static void nothingElseWasMadeEither() {
        HOME.assertNothingLeftOver();
    }

    static List<String> badNames() {
        return List.of(
                "",
                "a".repeat(64),
                "a/b",
                "..",
                ".",
                "../x",
                "a b",
                " a",
                "a\nb",
                "a\tb",
                "a\u001bb",
                "a\u007f",
                "A",
                "ä",
                "-a",
                "a-",
                "a_b",
                "a.b",
                "a\u202eb",
                "🙂");
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void aNameThatIsNoneIsRefusedByTheCommandLine(String name) {
        Outcome outcome = HOME.banger("vm", "create", "--name=" + name).failsInALine(2, "name");
        assertFalse(
                outcome.err().chars().anyMatch(c -> c < ' ' && c != '\n' || c == 0x7f),
                "control characters are not echoed");
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void aNameThatIsNoneIsRefusedByTheDaemonToo(String name) throws IOException {
        try (Rpc client = Rpc.connect(HOME)) {
            Json error = client.call("vm.create", "{\"name\":" + Json.quote(name) + ",\"publish\":[]}")
                    .at("error");
            assertEquals("invalid_argument", error.at("data").at("error").text());
        }
    }

    @Test
    void aNameThatIsTakenIsRefused() {
        HOME.create("taken");
        HOME.banger("vm", "create", "--name", "taken").failsInALine(1, "taken");
        assertEquals(List.of("taken"), HOME.names());
        assertEquals("up", HOME.sh("taken", "echo up"));
        HOME.banger("vm", "delete", "taken").exits(0);
    }

    @Test
    void ofTwoCreationsOfOneNameOneSucceeds() {
        try (Command first = HOME.start("vm", "create", "--name", "wanted");
                Command second = HOME.start("vm", "create", "--name", "wanted")) {
            List<Outcome> outcomes = List.of(first.waitFor(), second.waitFor());
            assertEquals(
                    1, outcomes.stream().filter(outcome -> outcome.exit() == 0).count(), outcomes::toString);
            outcomes.stream().filter(outcome -> outcome.exit() != 0).forEach(outcome -> outcome.fails(1, "wanted"));
        }
        assertEquals("up", HOME.sh("wanted", "echo up"));
        HOME.banger("vm", "delete", "wanted").exits(0);
    }

    @ParameterizedTest
    @CsvSource({
        "--vcpu,0",
        "--vcpu,-1",
        "--vcpu,65",
        "--vcpu,1000000",
        "--vcpu,99999999999",
        "--vcpu,two",
        "--vcpu,1.5",
        "--vcpu,''",
        "--memory,0",
        "--memory,-1G",
        "--memory,1",
        "--memory,127M",
        "--memory,9999T",
        "--memory,99999999999999999999G",
        "--memory,lots",
        "--memory,1X",
        "--memory,G",
        "--memory,''",
        "--memory,1e9",
        "--memory,NaN",
        "--disk,0",
        "--disk,-8G",
        "--disk,1",
        "--disk,17T",
        "--disk,8Q",
        "--disk,''",
        "--network,bridge2",
        "--network,''",
        "--publish,0",
        "--publish,65536",
        "--publish,80:80:80:80",
        "--publish,x",
        "--publish,-1:80",
        "--publish,80:",
        "--publish,''",
        "--publish,not an address:80:80",
        "--image,nope",
        "--image,../debian",
        "--image,''",
    })
    void aValueThatMakesNoSenseIsRefused(String option, String value) {
        Outcome outcome = HOME.banger("vm", "create", "--name", "wrong", option + "=" + value);
        assertTrue(outcome.exit() == 1 || outcome.exit() == 2, () -> option + " " + value + ": " + outcome.exit());
        outcome.failsInALine(outcome.exit());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"vcpus\":0",
                "\"vcpus\":-1",
                "\"vcpus\":1000000",
                "\"vcpus\":\"two\"",
                "\"vcpus\":99999999999",
                "\"memoryBytes\":0",
                "\"memoryBytes\":-1",
                "\"memoryBytes\":1",
                "\"memoryBytes\":9223372036854775807",
                "\"diskBytes\":0",
                "\"diskBytes\":-5",
                "\"diskBytes\":9223372036854775807",
                "\"diskBytes\":1e400",
                "\"network\":\"tap\"",
                "\"network\":7",
                "\"image\":\"nope\"",
                "\"image\":\"\"",
                "\"publish\":[{\"hostAddress\":\"127.0.0.1\",\"hostPort\":-1,\"guestPort\":80}]",
                "\"publish\":[{\"hostAddress\":\"127.0.0.1\",\"hostPort\":1,\"guestPort\":0}]",
                "\"publish\":[{\"hostAddress\":\"127.0.0.1,x=y\",\"hostPort\":0,\"guestPort\":80}]",
                "\"publish\":[{\"hostAddress\":\"no.such.host.invalid\",\"hostPort\":0,\"guestPort\":80}]",
                "\"publish\":[null]",
                "\"publish\":7",
            })
    void theDaemonChecksForItself(String field) throws IOException {
        try (Rpc client = Rpc.connect(HOME)) {
            Json error = client.call("vm.create", "{\"name\":\"wrong\"," + field + "}")
                    .at("error");
            assertFalse(error.isNull(), "it took " + field);
            String kind = error.at("data").at("error").text();
            assertTrue(List.of("invalid_argument", "not_found").contains(kind), () -> field + ": " + error);
        }
    }

    @Test
    void oneHostPortIsNotPublishedTwice() {
        HOME.banger("vm", "create", "--name", "twice", "--publish", "18080:80", "--publish", "18080:81")
                .failsInALine(1, "18080", "twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "logs", "ports", "stats", "start", "stop", "kill", "restart", "delete"})
    void anUnknownVmIsNamed(String command) {
        HOME.banger("vm", command, "nobody").failsInALine(1, "nobody");
        HOME.banger("vm", command, "").fails(HOME.banger("vm", command, "").exit());
        assertTrue(HOME.banger("vm", command).exit() == 2);
    }

    @Test
    void anUnknownImageIsNamed() {
        HOME.banger("image", "show", "nope").failsInALine(1, "nope");
        HOME.banger("image", "bootstrap", "nope").fails(1, "nope");
        HOME.banger("image", "bootstrap").failsInALine(1, "debian", "exists");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "vm nonsense",
                "image nonsense",
                "vm create extra words",
                "ps --nonsense",
                "vm list -x",
                "daemon nonsense",
                "completion nonsense",
                "vm exec",
                "vm logs -n many x",
                "vm stop --grace -1 x"
            })
    void aCommandLineThatCannotBeUnderstoodIsExplained(String line) {
        Outcome outcome = HOME.banger(line.split(" "));
        assertTrue(
                outcome.exit() == 2 || line.equals("vm exec") && outcome.exit() == 125,
                () -> line + ": " + outcome.exit());
        assertTrue(!outcome.err().isBlank() && !outcome.err().contains("Exception"), outcome.err());
    }
}
