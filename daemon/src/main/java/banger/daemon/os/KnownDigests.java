package banger.daemon.os;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** SHA-256 of a few files that seldom change, each read anew only when it is another. Safe for any number of threads. */
public final class KnownDigests {
    private record Known(FileIdentity identity, String digest) {}

    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    /** As {@link Sha256#of(Path)}. */
    public String of(Path file) throws IOException {
        FileIdentity now = FileIdentity.of(file);
        Known before = known.get(file);
        if (before != null && before.identity().equals(now)) {
            return before.digest();
        }
        String digest = Sha256.of(file);
        known.put(file, new Known(now, digest));
        return digest;
    }
}
