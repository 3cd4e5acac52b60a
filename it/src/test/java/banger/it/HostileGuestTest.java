package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest whose agent was replaced by something that breaks the protocol harms only itself. */
@Tag("long")
@Order(1)
class HostileGuestTest {
    /** Ends the agent, takes its port and speaks as its argument says. */
    private static final String IMPOSTOR = """
            import glob, os, signal, struct, sys, time
            agent = os.getppid()
            if os.fork(): time.sleep(1000)
            os.setsid()
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.kill(agent, signal.SIGKILL)
            name = [os.path.basename(os.path.dirname(p)) for p in glob.glob('/sys/class/virtio-ports/*/name')
                    if open(p).read().strip() == 'banger.agent'][0]
            while True:
                try:
                    port = os.open('/dev/' + name, os.O_RDWR)
                    break
                except OSError: time.sleep(0.05)
            def receive(count):
                data = b''
                while len(data) < count:
                    more = os.read(port, count - len(data))
                    if not more: time.sleep(0.01)
                    data += more
                return data
            def hello():
                while True:
                    length, channel, kind = struct.unpack('>IIB', receive(9))
                    payload = receive(length)
                    if kind == 1: break
                text = lambda s: struct.pack('>I', len(s)) + s
                answer = payload[:32] + struct.pack('>HI', 1, 0) + text(b'evil') + text(b'boot')
                os.write(port, struct.pack('>IIB', len(answer), 0, 1) + answer)
            def send(data):
                while data: data = data[os.write(port, data):]
            how = sys.argv[1]
            while how == 'silence': time.sleep(1)
            while how == 'noise': send(os.urandom(65536))
            send(bytes(65536))
            while True:
                hello()
                if how == 'huge': send(struct.pack('>IIB', 0xffffffff, 1, 20))
                if how == 'unopened':
                    while True: send(struct.pack('>IIB', 65536, 7, 20) + bytes(65536))
                if how == 'flood':
                    while True: send(struct.pack('>IIB', 65536, 1, 20) + bytes(65536))
            """;

    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VICTIM = "good";
    private static final String EVIL = "evil";

    @BeforeAll
    static void createVms() {
        HOME.create(VICTIM);
    }

    @AfterEach
    void onlyTheGuestItselfIsHarmed() {
        assertEquals("unharmed", HOME.sh(VICTIM, "echo unharmed"));
        long resident = HostProcesses.residentBytes(HOME.daemonPid());
        assertTrue(resident < 256L << 20, "the daemon has " + resident);
        HOME.banger("vm", "stop", "--grace", "1", EVIL).exits(0);
        assertEquals("stopped", HOME.vmState(EVIL));
        HOME.banger("vm", "start", EVIL).exits(0);
        assertEquals("as new", HOME.sh(EVIL, "echo as new"));
        HOME.banger("vm", "delete", EVIL).exits(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"noise", "huge", "unopened", "flood"})
    void anAgentThatBreaksTheProtocol(String how) {
        HOME.create(EVIL);
        HOME.banger("vm", "exec", EVIL, "python3", "-c", IMPOSTOR, how).fails(125, "outcome unknown");
        Outcome after = HOME.banger("vm", "exec", EVIL, "true");
        assertEquals(125, after.exit(), after.err());
        assertEquals(2, HOME.names().size());
    }

    @Test
    void anAgentThatFallsSilentIsNoticed() {
        HOME.create(EVIL);
        HOME.banger("vm", "exec", EVIL, "python3", "-c", IMPOSTOR, "silence")
                .fails(125, "outcome unknown", "has not answered");
    }
}
