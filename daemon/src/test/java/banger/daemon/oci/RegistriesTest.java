package banger.daemon.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of registries that cannot be asked. */
class RegistriesTest {
    @TempDir
    Path folder;

    private String failure(String reference) {
        var registries = new Registries(null);
        return assertThrows(Problem.class, () -> registries.open(reference, folder, Progress.NONE))
                .getMessage();
    }

    @Test
    void whereNothingListensIsSaid() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String reference = "127.0.0.1:" + port + "/team/app:1";
        assertEquals("fetching " + reference + " failed: nothing answers at 127.0.0.1:" + port, failure(reference));
    }

    @Test
    void anAddressOfTheWebIsNoReference() {
        assertEquals(
                "\"https://registry.example/app\" is no reference of an image:"
                        + " it begins with the registry's name, not with a scheme",
                failure("https://registry.example/app"));
    }
}
