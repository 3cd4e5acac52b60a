package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that break the rules of docs/rpc.md harm nobody but themselves. */
class BadClientTest {
    private static final int MIB = 1 << 20;

    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VM = "calm";
    private static long daemon;

    @BeforeAll
    static void createVm() {
        HOME.create(VM);
        daemon = HOME.daemonPid();
    }

    @AfterEach
    void theDaemonIsTheSameAndServes() {
        assertEquals("fine", HOME.sh(VM, "echo fine"));
        assertEquals(daemon, HOME.daemonPid());
        long resident = HostProcesses.residentBytes(daemon);
        assertTrue(resident < 256L * MIB, "the daemon has " + resident);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "",
                "{",
                "[]",
                "[1,2]",
                "null",
                "42",
                "\"text\"",
                "{\"jsonrpc\":\"2.0\",\"id\":",
                "{\"jsonrpc\":\"2.0\",\"id\":\"text\",\"method\":\"hello\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":\"hello\"}",
                "{\"id\":{},\"method\":[]}",
                "\u0000\u0001\u0002",
                "GET / HTTP/1.1"
            })
    void aLineThatIsNoRequestIsAnsweredAndTheConnectionEnds(String line) throws IOException {
        try (Rpc client = Rpc.connect(HOME)) {
            client.line(line);
            Json reply = Json.parse(client.reply());
            assertTrue(reply.at("id").isNull(), reply.text());
            assertEquals("parse_error", reply.at("error").at("data").at("error").text());
            assertTrue(client.isClosedByDaemon());
        }
    }

    @Test
    void bytesThatAreNoTextAreNoRequestEither() throws IOException {
        byte[] junk = new byte[100_000];
        new Random(2).nextBytes(junk);
        junk[junk.length - 1] = '\n';
        try (Rpc client = Rpc.connect(HOME)) {
            try {
                client.bytes(junk);
            } catch (IOException e) {
                // The daemon may have hung up at the first line feed.
                assertTrue(client.isClosedByDaemon());
            }
            assertTrue(client.isClosedByDaemon());
        }
    }

    @Test
    void halfAMessageIsDropped() throws IOException {
        try (Rpc client = Rpc.connect(HOME)) {
            client.bytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vm.del".getBytes());
        }
        assertEquals("running", HOME.vmState(VM));
    }

    @Test
    void aLineOfAGigabyteIsCutOffEarly() throws IOException {
        byte[] block = new byte[MIB];
        Arrays.fill(block, (byte) 'x');
        try (Rpc client = Rpc.connect(HOME)) {
            int sent = 0;
            try {
                for (; sent < 1024; sent++) {
                    client.bytes(block);
                }
            } catch (IOException e) {
                assertTrue(sent < 16, "the daemon took " + sent + " MiB");
            }
            assertNotEquals(1024, sent);
        }
    }

    @Test
    void aLineJustTooLongIsToldSo() throws IOException {
        try (Rpc client = Rpc.connect(HOME)) {
            client.bytes(new byte[MIB + 1]);
            assertEquals(
                    "invalid_request",
                    Json.parse(client.reply())
                            .at("error")
                            .at("data")
                            .at("error")
                            .text());
            assertTrue(client.isClosedByDaemon());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void aLineThatIsNestedAsDeepAsItIsLongIsRefused(String opening) throws IOException {
        String nested = opening.repeat((MIB - 1000) / opening.length());
        try (Rpc client = Rpc.connect(HOME)) {
            client.line("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vm.show\",\"params\":" + nested);
            assertFalse(Json.parse(client.reply()).at("error").isNull());
        }
    }

    @Test
    void anotherVersionAndAnUnknownMethodAreToldAndTheConnectionGoesOn() throws IOException {
        try (Rpc client = Rpc.connect(HOME)) {
            client.line("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"hello\",\"params\":{}}");
            assertEquals(
                    "invalid_request",
                    Json.parse(client.reply())
                            .at("error")
                            .at("data")
                            .at("error")
                            .text());
            assertEquals(
                    "unknown_method",
                    client.call("vm.explode", "{}")
                            .at("error")
                            .at("data")
                            .at("error")
                            .text());
            assertTrue(client.call("daemon.status", "{}").at("error").isNull());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vm.show",
                "vm.start",
                "vm.stop",
                "vm.restart",
                "vm.kill",
                "vm.delete",
                "vm.stats",
                "vm.logs",
                "vm.exec",
                "workspace.prepare",
                "image.show",
                "image.bootstrap",
                "operation.status",
                "operation.watch",
                "operation.cancel",
                "vm.create"
            })
    void paramsOfAnotherShapeAreInvalid(String method) throws IOException {
        String subject = "\"vm\":\"" + VM + "\"";
        for (String params : new String[] {
            "[]",
            "7",
            "\"text\"",
            "{\"vm\":null,\"image\":null,\"publish\":[null]}",
            "{\"vm\":[],\"image\":{},\"operation\":[],\"name\":[]}",
            "{\"vm\":\"\",\"image\":\"\",\"operation\":\"\",\"name\":\"\"}",
            "{" + subject
                    + ",\"argv\":[null],\"path\":null,\"graceSeconds\":-1,\"lines\":-1,\"image\":7,\"name\":\"\\u0000\"}"
        }) {
            try (Rpc client = Rpc.connect(HOME)) {
                if (params.contains(subject)
                        && !method.matches("vm.exec|vm.stop|vm.logs|workspace.prepare|vm.create")) {
                    continue;
                }
                Json error = client.call(method, params).at("error");
                assertFalse(error.isNull(), () -> method + " takes " + params);
                assertNotEquals(
                        "internal", error.at("data").at("error").text(), () -> method + " " + params + ": " + error);
            }
        }
        assertEquals("running", HOME.vmState(VM));
    }

    @Test
    void framesThatBreakTheRulesEndTheirOwnStreamOnly() throws IOException {
        try (Rpc neighbour = Rpc.connect(HOME).exec(VM, true, "sh", "-c", "read word; echo $word")) {
            byte[] junk = new byte[50_000];
            new Random(3).nextBytes(junk);
            breakStream(client -> client.bytes(junk));
            breakStream(client -> client.frame(2, Rpc.DATA, new byte[10]));
            breakStream(client -> client.frame(0, Rpc.DATA, new byte[10]));
            breakStream(client -> client.frame(1, 1, new byte[34]));
            breakStream(client -> client.frame(1, 16, new byte[10]));
            breakStream(client -> client.frame(1, Rpc.EXIT, new byte[2]));
            breakStream(client -> client.frame(1, 99, new byte[0]));
            breakStream(client -> client.bytes(new byte[] {-1, -1, -1, -1, 0, 0, 0, 1, 20}));
            breakStream(client -> client.bytes(new byte[] {0x7f, 0, 0, 0, 0, 0, 0, 1, 20}));
            breakStream(client -> {
                for (int i = 0; i < 64; i++) {
                    client.frame(1, Rpc.DATA, new byte[60_000]);
                }
            });
            breakStream(client -> client.credit(-1));
            breakStream(client -> client.frame(1, Rpc.CREDIT, new byte[1]));
            neighbour.frame(1, Rpc.DATA, "unharmed\n".getBytes());
            assertEquals("unharmed\n", neighbour.finish().out());
        }
        Wait.until(
                "the end of every sleep",
                () -> HOME.banger("vm", "exec", VM, "pgrep", "-xf", "sleep 1021")
                                .exit()
                        == 1);
    }

    @Test
    void halfAFrameAndThenNothingHoldsNothingUp() throws IOException {
        try (Rpc half = Rpc.connect(HOME).exec(VM, true, "cat")) {
            half.bytes(new byte[] {0, 0, 1, 0, 0, 0});
            assertEquals("through", HOME.sh(VM, "echo through"));
        }
    }

    @Test
    void signalsAndSizesThatAreNoneAreDropped() throws IOException {
        try (Rpc client = Rpc.connect(HOME).exec(VM, true, "cat")) {
            client.frame(1, Rpc.SIGNAL, new byte[] {0});
            client.frame(1, Rpc.SIGNAL, new byte[] {(byte) 200});
            client.frame(1, 25, new byte[] {0, 0, 0, 0});
            client.frame(1, Rpc.DATA, "still here".getBytes());
            client.frame(1, Rpc.EOF, new byte[0]);
            assertEquals("still here", client.finish().out());
        }
    }

    @Test
    void moreConnectionsThanAreServedAreTurnedAwayAndTheRestGoOn() throws IOException {
        var idle = new ArrayList<Rpc>();
        try {
            for (int i = 0; i < 700; i++) {
                idle.add(Rpc.connect(HOME));
            }
            assertTrue(idle.getFirst().call("daemon.status", "{}").at("error").isNull());
        } finally {
            idle.forEach(Rpc::close);
        }
        Wait.until("room for a client", () -> HOME.banger("ps", "-q").exit() == 0);
    }

    private interface Offence {
        void commit(Rpc client) throws IOException;
    }

    /** The daemon ends that stream, and the command with it. */
    private static void breakStream(Offence offence) throws IOException {
        try (Rpc client = Rpc.connect(HOME).exec(VM, true, "sleep", "1021")) {
            try {
                offence.commit(client);
            } catch (IOException e) {
                // It was ended before all was said.
            }
            assertTrue(client.isClosedByDaemon());
        }
    }
}
