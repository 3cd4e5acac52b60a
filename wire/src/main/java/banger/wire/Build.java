package banger.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The build that a program comes from: {@code <ISO time>-<hash>}, so that the newer of two is the greater string.
 *
 * <p>Builds without a time, such as {@code 0-dev}, are older than all others.
 */
public record Build(String id) {
    private static final String RESOURCE = "/banger/build.properties";
    private static final String KEY = "build=";

    /** The build of the jar that holds this class. */
    public static Build current() {
        try (InputStream in = Build.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no " + RESOURCE + " on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return new Build(text.substring(text.indexOf(KEY) + KEY.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean olderThan(Build other) {
        return id.compareTo(other.id) < 0;
    }
}
