package banger.daemon.archive;

import java.io.IOException;

/** An archive that is not taken; the message names the entry and says why. */
public final class ArchiveException extends IOException {
    private static final long serialVersionUID = 1;

    public ArchiveException(String message) {
        super(message);
    }

    /** @param name the entry's, as its archive has it */
    public static ArchiveException refused(String name, String why) {
        return new ArchiveException("\"" + TarEntry.printable(name) + "\" is refused: " + why);
    }
}
