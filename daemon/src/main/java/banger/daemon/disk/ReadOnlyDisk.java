package banger.daemon.disk;

import banger.daemon.os.Command;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * An ext4 file that holds a folder's content and is never written to: no journal, no room to spare.
 *
 * @param label at most 16 bytes
 * @param uuid as {@link Ext4}
 * @param content its files keep their owners and modes
 */
public record ReadOnlyDisk(String label, String uuid, Path content) {
    /** Bitmaps, group descriptors and the blocks of extents. */
    private static final long FIXED_OVERHEAD_BYTES = 4L << 20;

    private static final long OVERHEAD_DIVISOR = 32;

    /**
     * Makes the file, as long as it has to be.
     *
     * @param enter how commands are to be run: in the namespace where the content's owners are right
     */
    public void make(Path file, UnaryOperator<Command> enter) {
        long blocks = measure(enter, "--block-size=" + Ext4.BLOCK_BYTES);
        long files = measure(enter, "--inodes");
        long bytes = blocks * Ext4.BLOCK_BYTES + files * Ext4.INODE_BYTES;
        bytes += bytes / OVERHEAD_DIVISOR + FIXED_OVERHEAD_BYTES;
        new Ext4(label, uuid, false, 0, files, content).make(file, bytes - bytes % Ext4.BLOCK_BYTES, enter);
    }

    private long measure(UnaryOperator<Command> enter, String what) {
        String said = enter.apply(Command.of("du", "--summarize", what, content.toString()))
                .succeed();
        return Long.parseLong(said.split("\\s")[0]);
    }
}
