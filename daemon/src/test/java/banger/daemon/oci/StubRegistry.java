package banger.daemon.oci;

import banger.daemon.os.Sha256;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A registry of one image with one layer, which stops answering at a place that a test chooses. */
final class StubRegistry implements AutoCloseable {
    /** After what nothing comes any more, or is taken. */
    enum Stall {
        NEVER,
        BEFORE_THE_MANIFEST,
        IN_THE_LAYER,
        IN_AN_UPLOAD
    }

    private static final byte[] CONFIG =
            "{\"architecture\":\"amd64\",\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8);

    final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final HttpServer server;
    private final Stall stall;
    private final byte[] layer;
    private final byte[] manifest;

    StubRegistry(Stall stall, byte[] layer, long claimedBytes) throws IOException {
        this.stall = stall;
        this.layer = layer;
        manifest = ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":"
                        + "{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:"
                        + Sha256.of(CONFIG) + "\",\"size\":" + CONFIG.length + "},\"layers\":[{\"mediaType\":"
                        + "\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"sha256:" + Sha256.of(layer)
                        + "\",\"size\":" + claimedBytes + "}]}")
                .getBytes(StandardCharsets.UTF_8);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String reference() {
        return "127.0.0.1:" + server.getAddress().getPort() + "/team/app:1";
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String method = exchange.getRequestMethod();
            if (path.contains("/manifests/")) {
                stallAt(Stall.BEFORE_THE_MANIFEST);
                exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
                exchange.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + Sha256.of(manifest));
                send(exchange, manifest, manifest.length);
            } else if (path.endsWith(Sha256.of(CONFIG))) {
                send(exchange, CONFIG, CONFIG.length);
            } else if (method.equals("GET") && path.endsWith(Sha256.of(layer))) {
                boolean half = stall == Stall.IN_THE_LAYER;
                send(exchange, layer, half ? layer.length / 2 : layer.length);
                stallAt(Stall.IN_THE_LAYER);
            } else if (method.equals("HEAD")) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                stallAt(Stall.IN_AN_UPLOAD);
                exchange.sendResponseHeaders(500, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, byte[] body, int sent) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body, 0, sent);
        exchange.getResponseBody().flush();
    }

    private void stallAt(Stall place) throws InterruptedException {
        if (stall == place) {
            stalled.countDown();
            // The bound only guards against hanging.
            ended.await(5, TimeUnit.MINUTES);
        }
    }

    @Override
    public void close() {
        ended.countDown();
        server.stop(0);
    }
}
