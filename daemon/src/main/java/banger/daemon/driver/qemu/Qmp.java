package banger.daemon.driver.qemu;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session with QEMU's monitor (QMP, docs/interop/qmp-spec of QEMU): one command at a time, each on a line.
 *
 * <p>One thread at a time. Reads have no bound of their own: what waits for QEMU is ended by ending QEMU, which closes
 * the socket.
 */
final class Qmp implements AutoCloseable {
    private static final int MAX_LINE_CHARS = 1 << 20;
    private static final JsonType<Map<String, Object>> OBJECT =
            Jsonb.builder().build().type(Object.class).map();

    private final SocketChannel socket;
    private final BufferedReader lines;

    /** Takes the socket over, and leaves the negotiation of capabilities behind. */
    Qmp(SocketChannel socket) throws IOException {
        this.socket = socket;
        lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(socket), StandardCharsets.UTF_8));
        next();
        run("qmp_capabilities", Map.of());
    }

    /** Runs the command and returns its result where that is an object. @throws IOException with QEMU's own words */
    Map<?, ?> run(String command, Map<String, ?> arguments) throws IOException {
        return ask(command, arguments) instanceof Map<?, ?> result ? result : Map.of();
    }

    /** Runs a command whose result is a list of objects. */
    List<Map<?, ?>> list(String command) throws IOException {
        var objects = new ArrayList<Map<?, ?>>();
        if (ask(command, Map.of()) instanceof List<?> result) {
            for (Object each : result) {
                if (each instanceof Map<?, ?> object) {
                    objects.add(object);
                }
            }
        }
        return objects;
    }

    private @Nullable Object ask(String command, Map<String, ?> arguments) throws IOException {
        var request = new LinkedHashMap<String, Object>();
        request.put("execute", command);
        if (!arguments.isEmpty()) {
            request.put("arguments", arguments);
        }
        ByteBuffer bytes = ByteBuffer.wrap((OBJECT.toJson(request) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
        while (true) {
            Map<String, Object> answer = next();
            if (answer.get("error") instanceof Map<?, ?> error) {
                throw new IOException("qemu refuses " + command + ": " + error.get("desc"));
            }
            if (answer.containsKey("return")) {
                return answer.get("return");
            }
        }
    }

    /** Waits for an event of that name and returns its data; others are passed over. */
    Map<?, ?> await(String event) throws IOException {
        while (true) {
            Map<String, Object> message = next();
            if (event.equals(message.get("event"))) {
                return message.get("data") instanceof Map<?, ?> data ? data : Map.of();
            }
        }
    }

    private Map<String, Object> next() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("qemu has closed its monitor");
        }
        if (line.length() > MAX_LINE_CHARS) {
            throw new IOException("qemu's monitor sent a line of " + line.length() + " characters");
        }
        return OBJECT.fromJson(line);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
