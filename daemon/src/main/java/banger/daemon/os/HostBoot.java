package banger.daemon.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The boot that the host is in, beside the one in which a store was last served.
 *
 * @param record the file that keeps the latter
 * @param id the kernel's id of the former
 */
public record HostBoot(Path record, String id) {
    /** The boot that this process lives in. */
    public static HostBoot now(Path record) {
        return new HostBoot(record, HostProcess.bootId());
    }

    /** Whether this boot has not been {@link #remember remembered}; so it is with a store that was never served. */
    public boolean isNew() throws IOException {
        try {
            return !Files.readString(record).strip().equals(id);
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    public void remember() throws IOException {
        Path draft = record.resolveSibling(record.getFileName() + ".part");
        Files.writeString(draft, id + "\n");
        DurableFiles.publish(draft, record);
    }
}
