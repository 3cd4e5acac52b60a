package banger.daemon.archive;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An archive that is not taken; the message names the entry and says why. */
public final class ArchiveException extends IOException {
    private static final long serialVersionUID = 1;

    private final @Nullable String hint;

    public ArchiveException(String message) {
        this(message, null);
    }

    private ArchiveException(String message, @Nullable String hint) {
        super(message);
        this.hint = hint;
    }

    /** What to try next, where there is something. */
    public @Nullable String hint() {
        return hint;
    }

    /** @param name the entry's, as its archive has it */
    public static ArchiveException refused(String name, String why) {
        return new ArchiveException("\"" + TarEntry.printable(name) + "\" is refused: " + why);
    }

    static ArchiveException outwardLink(String name, String target) {
        return new ArchiveException(
                "\"" + TarEntry.printable(name) + "\" is refused: it is a symbolic link to \""
                        + TarEntry.printable(target) + "\", outside of what is copied",
                "--keep-links, to take such links as they are");
    }
}
