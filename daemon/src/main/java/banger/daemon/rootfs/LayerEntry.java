package banger.daemon.rootfs;

import java.util.Map;

/**
 * An entry of a layer's archive.
 *
 * @param name as the archive has it
 * @param linkTarget of links, else empty
 * @param xattrs values by names such as {@code security.capability}
 */
record LayerEntry(
        String name,
        Kind kind,
        String linkTarget,
        long size,
        int mode,
        long uid,
        long gid,
        long modifiedSeconds,
        int deviceMajor,
        int deviceMinor,
        Map<String, byte[]> xattrs) {
    /** What it is. */
    enum Kind {
        FILE,
        FOLDER,
        SYMBOLIC_LINK,
        HARD_LINK,
        FIFO,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        OTHER
    }
}
