package banger.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Stands before a registry and fails in a way that a test chooses; else it hands on what it is asked. */
final class FaultyRegistry implements AfterAllCallback {
    private static final List<String> HANDED_ON =
            List.of("Accept", "Content-Type", "Content-Range", "Range", "Docker-Content-Digest", "Location");

    private final LoopbackRegistry behind;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> fetched = new CopyOnWriteArrayList<>();
    private volatile Fault fault = Fault.NONE;
    private volatile int passing;

    /** What goes wrong, once as many blobs as were allowed have passed. */
    enum Fault {
        NONE,
        /** Every request is answered with 401. */
        UNAUTHORIZED,
        /** A blob ends in its middle. */
        CUT,
        /** A blob has another byte in its middle. */
        DAMAGED,
        /** A blob does not go on after its middle. */
        STALLED,
        /** An upload is answered with 500. */
        NO_UPLOADS
    }

    FaultyRegistry(LoopbackRegistry behind) {
        this.behind = behind;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String name() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on: the fault, after so many blobs. */
    void fail(Fault next, int blobs) {
        fetched.clear();
        passing = blobs;
        fault = next;
    }

    /** The digests of the blobs that were asked for since the last {@link #fail}. */
    List<String> fetched() {
        return List.copyOf(fetched);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            boolean blob = exchange.getRequestMethod().equals("GET") && path.contains("/blobs/sha256:");
            boolean upload = exchange.getRequestMethod().equals("POST");
            if (fault == Fault.UNAUTHORIZED) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"closed\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            if (upload && fault == Fault.NO_UPLOADS && passing-- <= 0) {
                exchange.sendResponseHeaders(500, -1);
                return;
            }
            if (blob) {
                fetched.add(path.substring(path.lastIndexOf('/') + 1));
            }
            answer(exchange, ask(exchange, path), blob);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> ask(HttpExchange exchange, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(behind.uri(path))
                .method(
                        exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        for (String header : HANDED_ON) {
            List<String> values = exchange.getRequestHeaders().get(header);
            if (values != null) {
                values.forEach(value -> request.header(header, value));
            }
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private void answer(HttpExchange exchange, HttpResponse<byte[]> answer, boolean blob)
            throws IOException, InterruptedException {
        for (String header : HANDED_ON) {
            answer.headers()
                    .allValues(header)
                    .forEach(value -> exchange.getResponseHeaders().add(header, value));
        }
        byte[] body = answer.body();
        if (exchange.getRequestMethod().equals("HEAD")) {
            answer.headers()
                    .firstValue("Content-Length")
                    .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
            exchange.sendResponseHeaders(answer.statusCode(), -1);
            return;
        }
        boolean fails = blob && answer.statusCode() == 200 && passing-- <= 0;
        if (fails && fault == Fault.DAMAGED) {
            body[body.length / 2] ^= 1;
        }
        exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
        if (body.length == 0) {
            return;
        }
        boolean half = fails && (fault == Fault.CUT || fault == Fault.STALLED);
        exchange.getResponseBody().write(body, 0, half ? body.length / 2 : body.length);
        exchange.getResponseBody().flush();
        if (fails && fault == Fault.STALLED) {
            TimeUnit.MINUTES.sleep(5);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.stop(0);
        client.close();
    }
}
