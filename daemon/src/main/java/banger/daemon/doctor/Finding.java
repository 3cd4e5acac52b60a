package banger.daemon.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param found what is there, for a person
 * @param fix the command or step that mends it, where there is one
 */
public record Finding(Level level, String found, @Nullable String fix) {
    /** How much it matters; the worst one is the diagnosis' exit status. */
    public enum Level {
        OK,
        /** banger works, but less well or not for long. */
        WARNING,
        /** Something does not work until it is mended. */
        FAILURE
    }

    static Finding ok(String found) {
        return new Finding(Level.OK, found, null);
    }

    static Finding warning(String found, @Nullable String fix) {
        return new Finding(Level.WARNING, found, fix);
    }

    static Finding failure(String found, @Nullable String fix) {
        return new Finding(Level.FAILURE, found, fix);
    }
}
