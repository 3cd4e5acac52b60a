package banger.daemon.network;

import banger.daemon.os.HostPaths;
import banger.daemon.os.Sha256;
import java.nio.charset.StandardCharsets;

/** The mark on all that one banger has in the host's network, by which it tells its own from another user's. */
public final class OwnerMark {
    private static final int DIGITS = 16;

    private OwnerMark() {}

    /** As long as the database is in the same place, the mark is the same. */
    public static String of(HostPaths paths) {
        byte[] place = paths.database().toString().getBytes(StandardCharsets.UTF_8);
        return "banger:" + Sha256.of(place).substring(0, DIGITS);
    }
}
