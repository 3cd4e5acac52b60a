package banger.wire.rpc;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.util.HexFormat;

/** Turns messages into JSON text and back; the one place that holds the JSON library's instance. */
public final class JsonLines {
    private static final Jsonb JSONB = Jsonb.builder().build();
    private static final JsonType<Request> REQUEST = JSONB.type(Request.class);
    private static final JsonType<Reply> REPLY = JSONB.type(Reply.class);

    private JsonLines() {}

    /** JSON text of one line, without its line feed. */
    public static <T> String write(Class<T> type, T message) {
        return JSONB.type(type).toJson(message);
    }

    /** @throws RuntimeException (the library's) where the text is not JSON of that type */
    public static <T> T read(Class<T> type, String json) {
        if (type == Nothing.class) {
            // The generated adapter of a record without fields cannot read; whatever is there is passed over anyway.
            return type.cast(new Nothing());
        }
        return JSONB.type(type).fromJson(json);
    }

    public static <P> String writeRequest(long id, Method<P, ?> method, P params) {
        return REQUEST.toJson(new Request("2.0", id, method.name(), ascii(write(method.request(), params))));
    }

    public static Request readRequest(String line) {
        return REQUEST.fromJson(line);
    }

    public static String write(Reply reply) {
        return REPLY.toJson(new Reply(
                reply.jsonrpc(),
                reply.id(),
                reply.result() == null ? null : ascii(reply.result()),
                reply.error(),
                reply.method(),
                reply.params() == null ? null : ascii(reply.params())));
    }

    public static Reply readReply(String line) {
        return REPLY.fromJson(line);
    }

    /**
     * The same JSON with escapes for what is not ASCII, which can only stand in its strings.
     *
     * <p>The library copies raw JSON into an envelope byte by byte and would cut each other character to its low byte.
     */
    private static String ascii(String json) {
        int at = 0;
        while (at < json.length() && json.charAt(at) < 0x80) {
            at++;
        }
        if (at == json.length()) {
            return json;
        }
        StringBuilder escaped = new StringBuilder(json.length() + 64).append(json, 0, at);
        for (; at < json.length(); at++) {
            char c = json.charAt(at);
            if (c < 0x80) {
                escaped.append(c);
            } else {
                escaped.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return escaped.toString();
    }
}
