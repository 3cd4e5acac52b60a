package banger.daemon.disk;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk in a folder: a raw file {@code ID.ext4}, and the overlays {@code ID.1.qcow2}, {@code ID.2.qcow2} and so on that
 * lie on it, each with what was written since the level below it was frozen.
 *
 * <p>Only the highest level is ever written. The lower ones may be hard links to those of other disks; each overlay names
 * the level below it, in its own folder.
 */
public record DiskChain(Path folder, String id) {
    /** How many a disk may have: each costs a look for what the levels above do not hold. */
    public static final int MAX_LEVELS = 8;

    private static final String RAW = ".ext4";
    private static final String OVERLAY = ".qcow2";
    private static final int QCOW2_MAGIC = 0x514649fb;
    /** Offset of the field {@code size} in a header, after which it is 8 bytes long (QEMU, docs/interop/qcow2.txt). */
    private static final int QCOW2_SIZE_AT = 24;

    /** The lowest first; always at least one, which need not exist. */
    public List<Path> levels() {
        var levels = new ArrayList<Path>();
        levels.add(level(0));
        for (Path next = level(1); Files.exists(next); next = level(levels.size())) {
            levels.add(next);
        }
        return levels;
    }

    /** What the disk's writes go to. */
    public Path top() {
        return levels().getLast();
    }

    public boolean isOverlaid() {
        return Files.exists(level(1));
    }

    /** Whether that file of a disk is an overlay. */
    public static boolean isOverlay(Path file) {
        return file.toString().endsWith(OVERLAY);
    }

    /** The place of the next overlay. */
    Path next() {
        return level(levels().size());
    }

    /** The disk's size as a machine sees it. */
    long bytes() throws IOException {
        Path top = top();
        if (!isOverlay(top)) {
            return Files.size(top);
        }
        try (var header = new DataInputStream(Files.newInputStream(top))) {
            if (header.readInt() != QCOW2_MAGIC) {
                throw new IOException(top + " is no overlay: it does not begin as one");
            }
            header.skipNBytes(QCOW2_SIZE_AT - Integer.BYTES);
            return header.readLong();
        }
    }

    private Path level(int number) {
        return folder.resolve(number == 0 ? id + RAW : id + "." + number + OVERLAY);
    }
}
