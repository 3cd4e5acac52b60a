package banger.daemon.config;

import banger.daemon.network.Subnet;
import banger.daemon.problem.Problem;
import banger.daemon.vm.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * The keys of a TOML document, read one by one by type. A value that will not do is noted as a fault, with its line, and
 * stands for its default, so that reading goes on and finds the rest.
 */
final class Settings {
    private static final int LARGEST_SUBNET = 16;
    private static final int SMALLEST_SUBNET = 28;
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6}) ?([smh])");

    private static final Duration DEFAULT_STEP_TIMEOUT = Duration.ofMinutes(30);
    private static final Duration MAX_STEP_TIMEOUT = Duration.ofHours(24);

    private final TomlParseResult toml;
    private final Faults faults = new Faults();
    private final Set<String> known = new TreeSet<>();

    Settings(TomlParseResult toml) {
        this.toml = toml;
        for (TomlParseError error : toml.errors()) {
            faults.add(error.position(), String.valueOf(error.getMessage()));
        }
    }

    Faults faults() {
        return faults;
    }

    Set<String> known() {
        return known;
    }

    String text(String key, String fallback) {
        String value = string(key, "text in quotes");
        if (value != null && value.isBlank()) {
            faults.add(position(key), key + " is empty");
            return fallback;
        }
        return value == null ? fallback : value;
    }

    <E extends Enum<E>> E choice(String key, E fallback) {
        String choices = Stream.of(fallback.getDeclaringClass().getEnumConstants())
                .map(each -> '"' + word(each) + '"')
                .collect(Collectors.joining(", "));
        String value = string(key, "one of " + choices);
        if (value == null) {
            return fallback;
        }
        for (E each : fallback.getDeclaringClass().getEnumConstants()) {
            if (word(each).equals(value)) {
                return each;
            }
        }
        faults.add(position(key), key + " is \"" + value + "\": expected one of " + choices);
        return fallback;
    }

    int integer(String key, int fallback, int least, int most) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Long number && number >= least && number <= most) {
            return number.intValue();
        }
        faults.add(position(key), key + " is " + shown(value) + ": expected a number from " + least + " to " + most);
        return fallback;
    }

    /** An IPv4 range for a few guests or some ten thousand; null where it is left to banger. */
    @Nullable
    Subnet subnet(String key) {
        String value = string(key, "a range in quotes, such as \"10.209.0.0/22\"");
        if (value == null || value.isEmpty()) {
            return null;
        }
        try {
            Subnet subnet = Subnet.parse(value);
            if (subnet.isV4() && subnet.prefix() >= LARGEST_SUBNET && subnet.prefix() <= SMALLEST_SUBNET) {
                if (subnet.isForHosts()) {
                    return subnet;
                }
                faults.add(
                        position(key),
                        key + " is \"" + value + "\": no host may have addresses of this range; expected one such as"
                                + " \"10.209.0.0/22\"");
                return null;
            }
            faults.add(
                    position(key),
                    key + " is \"" + value + "\": expected an IPv4 range of /" + LARGEST_SUBNET + " to /"
                            + SMALLEST_SUBNET);
        } catch (IllegalArgumentException e) {
            faults.add(
                    position(key),
                    key + " is \"" + value + "\": expected a range such as \"10.209.0.0/22\" (" + e.getMessage() + ")");
        }
        return null;
    }

    long size(String key, long fallback) {
        String value = string(key, "a size in quotes, such as \"" + ByteSize.format(fallback) + "\"");
        try {
            return value == null ? fallback : ByteSize.parse(key, value);
        } catch (Problem e) {
            faults.add(position(key), e.getMessage());
            return fallback;
        }
    }

    long size(String key, long fallback, long least, long most) {
        long bytes = size(key, fallback);
        if (bytes >= least && bytes <= most) {
            return bytes;
        }
        faults.add(
                position(key),
                key + " is " + shown(toml.get(key)) + ": expected a size from " + ByteSize.format(least) + " to "
                        + ByteSize.format(most));
        return fallback;
    }

    /** 0 where it is not set, or empty text. */
    long optionalSize(String key) {
        return !has(key) || "".equals(toml.get(key)) ? 0 : size(key, ByteSize.parse(key, "100M"));
    }

    Duration duration(String key, Duration fallback, Duration most) {
        String value = string(key, "a time in quotes, such as \"30s\"");
        if (value == null) {
            return fallback;
        }
        Matcher matcher = DURATION.matcher(value);
        Duration duration = matcher.matches() ? duration(matcher) : Duration.ZERO;
        if (duration.isPositive() && duration.compareTo(most) <= 0) {
            return duration;
        }
        faults.add(
                position(key),
                key + " is \"" + value + "\": expected a time from 1s to " + most.toHours()
                        + "h, such as \"30s\" or \"2m\"");
        return fallback;
    }

    /** None where it is not set, or empty text. */
    @Nullable
    Duration optionalDuration(String key, Duration most) {
        return !has(key) || "".equals(toml.get(key)) ? null : duration(key, most, most);
    }

    /** An absolute path; empty text means none, even where there is a default. */
    @Nullable
    Path path(String key, @Nullable Path fallback) {
        String value = string(key, "a path in quotes");
        if (value == null) {
            return fallback;
        }
        if (!value.isEmpty() && (!value.startsWith("/") || value.indexOf('\0') >= 0)) {
            faults.add(position(key), key + " is \"" + value + "\": expected a path that begins with /");
            return fallback;
        }
        return value.isEmpty() ? null : Path.of(value);
    }

    boolean flag(String key, boolean fallback) {
        Object value = value(key);
        if (value == null || value instanceof Boolean) {
            return value == null ? fallback : (Boolean) value;
        }
        faults.add(position(key), key + " is " + shown(value) + ": expected true or false");
        return fallback;
    }

    boolean has(String key) {
        known.add(key);
        return toml.contains(key);
    }

    /** How long a step of a build may take. */
    Duration stepTimeout(String key) {
        return duration(key, DEFAULT_STEP_TIMEOUT, MAX_STEP_TIMEOUT);
    }

    /** A list of texts; empty where there is none. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        TomlArray array = array(key);
        for (int i = 0; array != null && i < array.size(); i++) {
            if (array.get(i) instanceof String text && !text.isBlank()) {
                texts.add(text);
            } else {
                faults.add(
                        array.inputPositionOf(i), key + " holds " + shown(array.get(i)) + ": expected text in quotes");
            }
        }
        return texts;
    }

    @Nullable
    TomlArray array(String key) {
        Object value = value(key);
        if (value == null || value instanceof TomlArray) {
            return (TomlArray) value;
        }
        faults.add(position(key), key + " is " + shown(value) + ": expected a list");
        return null;
    }

    @Nullable
    TomlTable table(String key) {
        Object value = value(key);
        if (value == null || value instanceof TomlTable) {
            return (TomlTable) value;
        }
        faults.add(position(key), key + " is " + shown(value) + ": expected a table");
        return null;
    }

    /** To be called when every key has been read. */
    void refuseUnknownKeys() {
        refuseUnknownKeys(null);
    }

    /** @param open a table whose keys are anybody's, with its dot */
    void refuseUnknownKeys(@Nullable String open) {
        Set<String> tables = known.stream()
                .filter(key -> key.contains("."))
                .map(Settings::tableOf)
                .collect(Collectors.toSet());
        Set<String> both = new TreeSet<>(known);
        both.addAll(tables);
        for (String key : toml.dottedKeySet(true)) {
            if (open != null && key.startsWith(open)) {
                continue;
            }
            String table = tableOf(key);
            if (tables.contains(key) && !toml.isTable(key)) {
                Object value = toml.get(key);
                faults.add(position(key), key + " is " + shown(value) + ": expected a table, [" + key + "]");
                continue;
            }
            boolean isKnown = known.contains(key) || tables.contains(key);
            // Where its table is unknown that has been said of the table.
            boolean isTold = !table.equals(key) && !tables.contains(table) && !known.contains(table);
            if (!isKnown && !isTold) {
                faults.add(
                        position(key),
                        "unknown key " + key + Spelling.suggestion(key, toml.isTable(key) ? both : known));
            }
        }
    }

    private static String tableOf(String key) {
        return key.split("\\.", 2)[0];
    }

    private @Nullable String string(String key, String expected) {
        Object value = value(key);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        faults.add(position(key), key + " is " + shown(value) + ": expected " + expected);
        return null;
    }

    private @Nullable Object value(String key) {
        known.add(key);
        int dot = key.indexOf('.');
        if (dot > 0 && toml.get(key.substring(0, dot)) != null && !toml.isTable(key.substring(0, dot))) {
            return null;
        }
        return toml.get(key);
    }

    @Nullable
    TomlPosition position(String key) {
        return toml.inputPositionOf(key);
    }

    private static Duration duration(Matcher matcher) {
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    private static String shown(Object value) {
        return switch (value) {
            case String text -> '"' + text + '"';
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            case TomlArray ignored -> "a list";
            case TomlTable ignored -> "a table";
            default -> "a date or time";
        };
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
