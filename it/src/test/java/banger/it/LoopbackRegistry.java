package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Debian's docker-registry on a loopback port, with a folder of its own; it ends with the test class. */
final class LoopbackRegistry implements AfterAllCallback {
    private final Path folder;
    private final int port;
    private final Command server;
    private final HttpClient client = HttpClient.newHttpClient();

    private LoopbackRegistry(Path folder, int port, Command server) {
        this.folder = folder;
        this.port = port;
        this.server = server;
    }

    static LoopbackRegistry start() {
        try {
            Path folder = Files.createTempDirectory(Path.of("/tmp"), "bi-registry-");
            int port = freePort();
            Path config = Files.writeString(folder.resolve("config.yml"), """
                    version: 0.1
                    log: {level: error}
                    storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
                    http: {addr: "127.0.0.1:%d", relativeurls: true}
                    """.formatted(folder.resolve("data"), port));
            Command server = Command.start(new ProcessBuilder("docker-registry", "serve", config.toString()));
            Wait.until("the registry to listen", () -> listens(port));
            return new LoopbackRegistry(folder, port, server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** What references to its images begin with. */
    String name() {
        return "127.0.0.1:" + port;
    }

    URI uri(String path) {
        return URI.create("http://" + name() + path);
    }

    /** The file in which it keeps that blob. */
    Path blob(String digest) {
        return folder.resolve(
                "data/docker/registry/v2/blobs/sha256/" + digest.substring(0, 2) + "/" + digest + "/data");
    }

    void putBlob(String repository, String digest, Path file) {
        try {
            var begun = send(HttpRequest.newBuilder(uri("/v2/" + repository + "/blobs/uploads/"))
                    .POST(BodyPublishers.noBody()));
            String location = begun.headers().firstValue("Location").orElseThrow();
            URI place = uri("/").resolve(location + (location.contains("?") ? "&" : "?") + "digest=sha256:" + digest);
            var put = send(HttpRequest.newBuilder(place)
                    .header("Content-Type", "application/octet-stream")
                    .PUT(BodyPublishers.ofFile(file)));
            assertEquals(201, put.statusCode(), put::body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void putManifest(String repository, String tag, String type, Path file) {
        try {
            var put = send(HttpRequest.newBuilder(uri("/v2/" + repository + "/manifests/" + tag))
                    .header("Content-Type", type)
                    .PUT(BodyPublishers.ofFile(file)));
            assertEquals(201, put.statusCode(), put::body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A manifest as the registry has it. */
    byte[] manifest(String repository, String tag) throws IOException {
        return send(HttpRequest.newBuilder(uri("/v2/" + repository + "/manifests/" + tag))
                        .header("Accept", "application/vnd.oci.image.manifest.v1+json"))
                .body()
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        client.close();
        server.process().destroy();
        server.waitFor();
        Command.ok("rm", "-rf", folder.toString());
    }
}
