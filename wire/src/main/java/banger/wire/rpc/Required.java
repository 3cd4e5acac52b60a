package banger.wire.rpc;

import org.jspecify.annotations.Nullable;

/** What a message must have: the JSON library leaves a field that is missing null. */
final class Required {
    private Required() {}

    /** @throws IllegalArgumentException where it is null */
    static void field(String name, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
    }

    /** @throws IllegalArgumentException where it, or one of its items, is null */
    static void list(String name, @Nullable Iterable<?> values) {
        field(name, values);
        for (Object value : values) {
            field("an item of " + name, value);
        }
    }
}
