package banger.daemon.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * Tells whether a file is still the one that it was, without reading it; not what it is called, nor who may read it.
 *
 * @param changed when its content was last written
 */
public record FileIdentity(long inode, long bytes, Instant changed) {
    /** @throws java.nio.file.NoSuchFileException where there is none */
    public static FileIdentity of(Path file) throws IOException {
        var attributes = Files.readAttributes(file, "unix:ino,size,lastModifiedTime");
        return new FileIdentity(
                (Long) attributes.get("ino"),
                (Long) attributes.get("size"),
                ((FileTime) attributes.get("lastModifiedTime")).toInstant());
    }

    /** For a manifest. */
    @Override
    public String toString() {
        return inode + " " + bytes + " " + changed;
    }
}
