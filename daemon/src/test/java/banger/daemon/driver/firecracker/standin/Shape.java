package banger.daemon.driver.firecracker.standin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a JSON value of a request may be. A shape refuses what is not its own, as the program's parser does. */
sealed interface Shape {
    void check(String field, Object value) throws Fault;

    /** Any text. */
    record Text() implements Shape {
        @Override
        public void check(String field, Object value) throws Fault {
            require(value instanceof String, field, value, "a string");
        }
    }

    record Flag() implements Shape {
        @Override
        public void check(String field, Object value) throws Fault {
            require(value instanceof Boolean, field, value, "a boolean");
        }
    }

    /** A whole number from {@code least} to {@code most}. */
    record Whole(long least, long most) implements Shape {
        @Override
        public void check(String field, Object value) throws Fault {
            require(
                    value instanceof Number number && number.doubleValue() == number.longValue(),
                    field,
                    value,
                    "an integer");
            long number = ((Number) value).longValue();
            if (number < least || number > most) {
                throw Fault.json("invalid value: integer `" + number + "`, expected " + least + " to " + most);
            }
        }
    }

    /** One of some words. */
    record Choice(Set<String> words) implements Shape {
        @Override
        public void check(String field, Object value) throws Fault {
            require(value instanceof String, field, value, "a string");
            if (!words.contains((String) value)) {
                throw Fault.json("unknown variant `" + value + "`, expected one of " + words);
            }
        }
    }

    record Many(Shape item) implements Shape {
        @Override
        public void check(String field, Object value) throws Fault {
            require(value instanceof List<?>, field, value, "a sequence");
            for (Object each : (List<?>) value) {
                item.check(field, each);
            }
        }
    }

    /** An object of named fields: no other is taken, and none that is required may be missing. */
    record Fields(Map<String, Shape> shapes, Set<String> required) implements Shape {
        @Override
        public void check(String field, Object value) throws Fault {
            require(value instanceof Map<?, ?>, field, value, "an object");
            Map<?, ?> object = (Map<?, ?>) value;
            for (Map.Entry<?, ?> each : object.entrySet()) {
                Shape shape = shapes.get(String.valueOf(each.getKey()));
                if (shape == null) {
                    throw Fault.json("unknown field `" + each.getKey() + "`, expected one of "
                            + new ArrayList<>(shapes.keySet()));
                }
                if (each.getValue() != null) {
                    shape.check(each.getKey().toString(), each.getValue());
                } else if (required.contains(each.getKey())) {
                    throw Fault.json("invalid type: null, expected " + each.getKey());
                }
            }
            for (String name : required) {
                if (!object.containsKey(name)) {
                    throw Fault.json("missing field `" + name + "`");
                }
            }
        }

        /** Adds a field that must be there. */
        Fields with(String name, Shape shape) {
            Fields more = maybe(name, shape);
            var names = new java.util.TreeSet<>(required);
            names.add(name);
            return new Fields(more.shapes, names);
        }

        /** Adds a field that may be left out. */
        Fields maybe(String name, Shape shape) {
            var more = new LinkedHashMap<>(shapes);
            more.put(name, shape);
            return new Fields(more, required);
        }
    }

    static Fields object() {
        return new Fields(Map.of(), Set.of());
    }

    static Text text() {
        return new Text();
    }

    static Flag flag() {
        return new Flag();
    }

    static Whole whole(long least, long most) {
        return new Whole(least, most);
    }

    static Choice oneOf(String... words) {
        return new Choice(Set.of(words));
    }

    private static void require(boolean fits, String field, Object value, String expected) throws Fault {
        if (!fits) {
            throw Fault.json("invalid type: " + value + " in `" + field + "`, expected " + expected);
        }
    }
}
