package banger.it;

import io.avaje.jsonb.Jsonb;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A JSON value and the way to its parts. */
record Json(@Nullable Object value) {
    private static final Jsonb JSONB = Jsonb.builder().build();

    static Json parse(String text) {
        return new Json(JSONB.type(Object.class).fromJson(text));
    }

    Json at(String field) {
        if (value instanceof Map<?, ?> object) {
            return new Json(object.get(field));
        }
        throw new AssertionError("no object with a field " + field + ": " + value);
    }

    List<Json> items() {
        if (value instanceof List<?> list) {
            return list.stream().map(Json::new).toList();
        }
        throw new AssertionError("no array: " + value);
    }

    boolean isNull() {
        return value == null;
    }

    String text() {
        return Objects.toString(value);
    }

    long number() {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new AssertionError("no number: " + value);
    }

    static String quote(String text) {
        return JSONB.type(String.class).toJson(text);
    }
}
