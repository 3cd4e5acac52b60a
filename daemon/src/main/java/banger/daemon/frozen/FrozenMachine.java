package banger.daemon.frozen;

import java.nio.file.Path;

/**
 * A machine frozen to disk, from which any number of machines can be restored: its memory, which they map and never
 * change, and the state of its devices.
 */
public record FrozenMachine(Path memory, Path devices) {
    private static final String MEMORY = "ram";
    private static final String DEVICES = "devices";

    /** The one that has its files in that folder. */
    public static FrozenMachine in(Path folder) {
        return new FrozenMachine(folder.resolve(MEMORY), folder.resolve(DEVICES));
    }
}
