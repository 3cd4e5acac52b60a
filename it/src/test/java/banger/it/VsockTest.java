package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The agent's stream over vsock. A host without vhost-vsock cannot give a guest such a device, so both ends are inside
 * one guest: its kernel's loopback takes the agent's connection to the host, once the driver of the missing device is
 * out of the way.
 */
class VsockTest {
    @RegisterExtension
    static final Home HOME = Home.withoutTemplate();

    @Test
    void theAgentConnectsToTheHostAndAgainWhenTheHostHasHungUp() throws IOException {
        HOME.create("loop", "--network", "none");
        try (InputStream script = VsockTest.class.getResourceAsStream("/vsock-host.py")) {
            Files.write(HOME.folder().resolve("vsock-host.py"), script.readAllBytes());
        }
        HOME.banger("vm", "cp", Dist.BUILT.agent().toString(), "loop:/srv/agent")
                .exits(0);
        HOME.banger("vm", "cp", "vsock-host.py", "loop:/srv/").exits(0);
        String told = HOME.sh("loop", """
                set -e; modprobe -r vmw_vsock_virtio_transport; modprobe vsock_loopback; cd /srv
                ./agent serve-vsock 1024 & trap "kill $!" EXIT
                python3 vsock-host.py""");
        String session = HOME.sh("loop", "/srv/agent version") + " 1000000 0 7";
        assertEquals(session + "\n" + session, told);
    }
}
