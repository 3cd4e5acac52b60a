package banger.daemon.doctor;

import java.util.Locale;

/** Something of banger's that no record accounts for. */
public record Leftover(Kind kind, String what) {
    /** What sort of thing it is. */
    public enum Kind {
        PROCESS,
        SOCKET,
        FILE,
        NETWORK
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + what;
    }
}
