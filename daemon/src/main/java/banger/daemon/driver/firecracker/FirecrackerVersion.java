package banger.daemon.driver.firecracker;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A release of Firecracker. */
public record FirecrackerVersion(int major, int minor, int patch) implements Comparable<FirecrackerVersion> {
    /** Snapshots are generally available from here on. */
    static final FirecrackerVersion OLDEST = new FirecrackerVersion(1, 13, 0);

    private static final FirecrackerVersion DEAF_AFTER_RESTORE = new FirecrackerVersion(1, 16, 0);
    private static final Pattern SAID =
            Pattern.compile("^(?:Firecracker|Jailer) v(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})", Pattern.MULTILINE);
    private static final Comparator<FirecrackerVersion> ORDER = Comparator.comparingInt(FirecrackerVersion::major)
            .thenComparingInt(FirecrackerVersion::minor)
            .thenComparingInt(FirecrackerVersion::patch);

    /** The version in what {@code firecracker --version} or {@code jailer --version} prints. */
    static Optional<FirecrackerVersion> in(String output) {
        Matcher version = SAID.matcher(output);
        return version.find()
                ? Optional.of(new FirecrackerVersion(
                        Integer.parseInt(version.group(1)),
                        Integer.parseInt(version.group(2)),
                        Integer.parseInt(version.group(3))))
                : Optional.empty();
    }

    /** What is known to be wrong with this release, or null. */
    @Nullable
    String flaw() {
        return equals(DEAF_AFTER_RESTORE) ? "its vsock does not work after a restore; 1.16.1 mends that" : null;
    }

    @Override
    public int compareTo(FirecrackerVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
