package banger.it;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A TLS server on the host's loopback whose certificate is of an authority that nobody knows, as that of an inspecting
 * proxy is. Guests of the user network reach it under {@link #url}.
 */
final class PrivateServer implements AfterAllCallback {
    static final String ANSWER = "from the private server";

    private static final String PASSWORD = "changeit";
    private static final String HOST_SEEN_FROM_GUESTS = "10.0.2.2";

    private final Path folder;
    private final HttpsServer server;

    private PrivateServer(Path folder, HttpsServer server) {
        this.folder = folder;
        this.server = server;
    }

    static PrivateServer start() {
        try {
            Path folder = Files.createTempDirectory(Path.of("/tmp"), "bi-tls-");
            keytool(folder, "-genkeypair", "-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c");
            keytool(
                    folder,
                    "-genkeypair",
                    "-alias",
                    "server",
                    "-dname",
                    "CN=server",
                    "-signer",
                    "authority",
                    "-ext",
                    "san=ip:" + HOST_SEEN_FROM_GUESTS);
            keytool(folder, "-exportcert", "-rfc", "-alias", "authority", "-file", authority(folder));
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context(folder)));
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, ANSWER.length());
                exchange.getResponseBody().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
                exchange.close();
            });
            server.start();
            return new PrivateServer(folder, server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The authority's certificate, as PEM. */
    String authority() {
        return authority(folder);
    }

    String url() {
        return "https://" + HOST_SEEN_FROM_GUESTS + ":" + server.getAddress().getPort() + "/";
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.stop(0);
        Command.ok("rm", "-rf", folder.toString());
    }

    private static String authority(Path folder) {
        return folder.resolve("authority.pem").toString();
    }

    private static SSLContext context(Path folder) throws GeneralSecurityException, IOException {
        KeyStore both = KeyStore.getInstance(folder.resolve("keys").toFile(), PASSWORD.toCharArray());
        // With the authority's key in it as well, the server might show that one's certificate.
        both.deleteEntry("authority");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(both, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(Path folder, String... words) {
        var line = new ArrayList<String>();
        line.add(System.getProperty("java.home") + "/bin/keytool");
        line.addAll(List.of(words));
        line.addAll(List.of("-keystore", folder.resolve("keys").toString(), "-storepass", PASSWORD));
        if (words[0].equals("-genkeypair")) {
            line.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
        }
        Command.ok(line.toArray(String[]::new));
    }
}
