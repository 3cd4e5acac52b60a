package banger.daemon.rootfs;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A layer's archive where it can be read, more than once.
 *
 * @param name what messages call it
 * @param sha256 of the bytes as they are stored, 64 hex digits, or null where nobody says
 * @param bytes of it as it is stored
 */
public record StoredLayer(String name, @Nullable String sha256, long bytes, Opener opener) {
    /** Opens it from its beginning. */
    public interface Opener {
        InputStream open() throws IOException;
    }
}
