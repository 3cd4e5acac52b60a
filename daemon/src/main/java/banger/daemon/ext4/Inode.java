package banger.daemon.ext4;

import java.nio.ByteBuffer;

/**
 * A file, folder, link or device of a file system.
 *
 * @param mode type and permissions, as stat(2) has them
 * @param mtime seconds since 1970
 * @param body the raw inode, for what only some need
 */
record Inode(long number, int mode, int uid, int gid, long bytes, int links, long mtime, int flags, ByteBuffer body) {
    static final int TYPE = 0170000;
    static final int FOLDER = 0040000;
    static final int FILE = 0100000;
    static final int LINK = 0120000;
    static final int CHARACTERS = 0020000;
    static final int BLOCKS = 0060000;
    static final int PIPE = 0010000;

    static final int EXTENTS = 0x80000;
    static final int BLOCK_MAP = 40;
    static final int BLOCK_MAP_BYTES = 60;
    private static final int OLD_BYTES = 128;

    static Inode parse(long number, ByteBuffer body) {
        int mode = body.getShort(0) & 0xffff;
        long high = (mode & TYPE) == FILE || (mode & TYPE) == FOLDER ? body.getInt(108) & 0xffffffffL : 0;
        return new Inode(
                number,
                mode,
                (body.getShort(2) & 0xffff) | (body.getShort(120) & 0xffff) << 16,
                (body.getShort(24) & 0xffff) | (body.getShort(122) & 0xffff) << 16,
                (body.getInt(4) & 0xffffffffL) | high << 32,
                body.getShort(26) & 0xffff,
                body.getInt(16),
                body.getInt(32),
                body);
    }

    int type() {
        return mode & TYPE;
    }

    boolean isFolder() {
        return type() == FOLDER;
    }

    /** The block with extended attributes that do not fit into the inode, or 0. */
    long attributeBlock() {
        return (body.getInt(104) & 0xffffffffL) | (body.getShort(118) & 0xffffL) << 32;
    }

    /** Where attributes begin within the inode, or 0 where it has no room for any. */
    int attributeStart() {
        int start = body.capacity() > OLD_BYTES ? OLD_BYTES + (body.getShort(OLD_BYTES) & 0xffff) : 0;
        return start == 0 || start + 4 > body.capacity() ? 0 : start;
    }

    /** A device's numbers: old form in the first word of the map, new form in the second. */
    int major() {
        int old = body.getInt(BLOCK_MAP);
        int wide = body.getInt(BLOCK_MAP + 4);
        return old != 0 ? old >> 8 & 0xff : wide >> 8 & 0xfff;
    }

    int minor() {
        int old = body.getInt(BLOCK_MAP);
        int wide = body.getInt(BLOCK_MAP + 4);
        return old != 0 ? old & 0xff : (wide & 0xff) | (wide >> 12 & 0xfff00);
    }
}
