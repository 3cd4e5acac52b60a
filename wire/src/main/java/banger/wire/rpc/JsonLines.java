package banger.wire.rpc;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;

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
        return REQUEST.toJson(new Request("2.0", id, method.name(), write(method.request(), params)));
    }

    public static Request readRequest(String line) {
        return REQUEST.fromJson(line);
    }

    public static String write(Reply reply) {
        return REPLY.toJson(reply);
    }

    public static Reply readReply(String line) {
        return REPLY.fromJson(line);
    }
}
