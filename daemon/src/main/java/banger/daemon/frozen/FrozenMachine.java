package banger.daemon.frozen;

import java.nio.file.Path;

/**
 * A machine frozen to disk, from which any number of machines can be restored: its memory, which they map and never
 * change, and the state of its devices.
 *
 * @param changes what is to be written into each machine's memory, which that file lacks; it need not exist
 */
public record FrozenMachine(Path memory, Path changes, Path devices) {
    private static final String CHANGES = "changes";
    private static final String MEMORY = "ram";
    private static final String DEVICES = "devices";

    /** The one that has its files in that folder. */
    public static FrozenMachine in(Path folder) {
        return new FrozenMachine(folder.resolve(MEMORY), folder.resolve(CHANGES), folder.resolve(DEVICES));
    }

    /** The same with its memory by another name. */
    public FrozenMachine withMemory(Path name) {
        return new FrozenMachine(name, changes, devices);
    }
}
