package banger.daemon.driver.firecracker.standin;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API's HTTP server on its unix socket: one connection after the other, kept alive, bodies by length only. */
final class ApiServer {
    /** Releases: {@code --http-api-max-payload-size}, by default. */
    private static final int MAX_BODY_BYTES = 51_200;

    private static final int MAX_LINE_BYTES = 1024;
    private static final JsonType<Object> JSON = Jsonb.builder().build().type(Object.class);

    private final Machine machine;

    ApiServer(Machine machine) {
        this.machine = machine;
    }

    /** A request as it came; {@code body} is null where it has none. */
    private record Request(
            String method, String path, @Nullable String body) {}

    void serve(Path socket) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            InputStream in = Channels.newInputStream(client);
            for (Request request = read(in); request != null; request = read(in)) {
                try {
                    Object answer = perform(request);
                    respond(client, answer == null ? 204 : 200, answer);
                } catch (Fault e) {
                    respond(client, 400, Map.of("fault_message", String.valueOf(e.getMessage())));
                }
            }
        } catch (IOException e) {
            // The client has gone, or does not speak HTTP: the connection ends.
            return;
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable Object perform(Request request) throws Fault {
        if (request.method.equals("GET") && request.body != null) {
            throw new Fault("GET request cannot have a body.");
        }
        if (!request.method.equals("GET") && request.body == null) {
            throw new Fault("Empty " + request.method + " request.");
        }
        Operation operation = Operation.of(request.method, request.path)
                .orElseThrow(() -> new Fault("Invalid request method and/or path: " + request.method + " "
                        + request.path.substring(1) + "."));
        Object body;
        try {
            body = request.body == null ? Map.of() : JSON.fromJson(request.body);
        } catch (RuntimeException e) {
            throw Fault.json(String.valueOf(e.getMessage()));
        }
        if (!(body instanceof Map<?, ?> object)) {
            throw Fault.json("invalid type: " + body + ", expected an object");
        }
        operation.check(request.path, object);
        return machine.perform(operation, (Map<String, Object>) object);
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String start = line(in);
        if (start.isEmpty()) {
            return null;
        }
        String[] words = start.split(" ");
        if (words.length != 3
                || !words[0].matches("GET|PUT|PATCH")
                || !words[1].startsWith("/")
                || !words[2].matches("HTTP/1\\.[01]")) {
            throw new IOException("not a request: " + start);
        }
        int length = -1;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String[] field = header.split(":", 2);
            if (field.length < 2 || field[0].equalsIgnoreCase("transfer-encoding")) {
                throw new IOException("unsupported header: " + header);
            }
            if (field[0].equalsIgnoreCase("content-length")) {
                length = Integer.parseInt(field[1].strip());
            }
        }
        if (length > MAX_BODY_BYTES) {
            throw new IOException("payload too large");
        }
        return new Request(
                words[0], words[1], length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    /** A line without its CRLF; empty at the stream's end too. */
    private static String line(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                String text = bytes.toString(StandardCharsets.ISO_8859_1);
                if (!text.endsWith("\r")) {
                    throw new IOException("a line that does not end with CRLF");
                }
                return text.substring(0, text.length() - 1);
            }
            bytes.write(next);
            if (bytes.size() > MAX_LINE_BYTES) {
                throw new IOException("a line of more than " + MAX_LINE_BYTES + " bytes");
            }
        }
        return "";
    }

    private static void respond(SocketChannel client, int status, @Nullable Object body) throws IOException {
        byte[] content = body == null ? new byte[0] : JSON.toJson(body).getBytes(StandardCharsets.UTF_8);
        // Releases: no reason phrase, and no Content-Length with a 204.
        String head = "HTTP/1.1 " + status + " \r\nServer: Firecracker API\r\nConnection: keep-alive\r\n"
                + (body == null ? "" : "Content-Type: application/json\r\nContent-Length: " + content.length + "\r\n")
                + "\r\n";
        ByteBuffer bytes = ByteBuffer.allocate(head.length() + content.length)
                .put(head.getBytes(StandardCharsets.US_ASCII))
                .put(content)
                .flip();
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }
}
