package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service that keeps a secret from its start: each VM of a template has another, a fork has its source's. */
@Tag("long")
class RestartedServiceTest {
    private static final String RECIPE = """
            from = "debian"
            steps = [{ run = '''
            cat >/usr/local/bin/keeper <<PYTHON
            #!/usr/bin/python3
            import secrets, socket
            kept = secrets.token_hex(16).encode()
            server = socket.create_server(("127.0.0.1", 7777))
            while True:
                client, _ = server.accept()
                client.sendall(kept)
                client.close()
            PYTHON
            chmod +x /usr/local/bin/keeper
            cat >/etc/systemd/system/keeper.service <<UNIT
            [Service]
            ExecStart=/usr/local/bin/keeper
            [Install]
            WantedBy=multi-user.target
            UNIT
            ''' }]
            services = ["keeper"]
            readiness = ["tcp:7777"]
            """;

    private static final String ASK =
            "python3 -c 'import socket; print(socket.create_connection((\"127.0.0.1\", 7777)).recv(99).decode())'";

    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static String kept(String vm) {
        return HOME.sh(vm, ASK);
    }

    @Test
    void itHasAnotherSecretInEachVmAndIsThereWhenTheCreateReturns() throws IOException {
        Path recipe = HOME.folder().resolve("banger.toml");
        Files.writeString(recipe, RECIPE);
        HOME.banger("image", "build", "kept", "-f", recipe.toString()).exits(0);
        HOME.banger("image", "warm", "kept").exits(0);
        for (String name : new String[] {"one", "two"}) {
            Outcome created = HOME.banger("vm", "create", "--name", name, "--image", "kept");
            assertTrue(created.exits(0).err().contains("restoring its memory"), created.err());
        }
        assertNotEquals(kept("one"), kept("two"));

        HOME.banger("vm", "fork", "one", "copy").exits(0);
        assertEquals(kept("one"), kept("copy"));
        HOME.banger("vm", "delete", "--all").exits(0);
    }
}
