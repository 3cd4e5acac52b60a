package banger.daemon.ext4;

import banger.daemon.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * What of an ext2, ext3 or ext4 file system's superblock a reader needs (Documentation/filesystems/ext4 of Linux).
 *
 * @param descriptorBytes the length of a group's descriptor
 * @param needsRecovery whether its journal holds what its blocks do not have yet
 */
public record Superblock(
        long inodes,
        long blocks,
        int blockBytes,
        long firstBlock,
        long inodesPerGroup,
        int inodeBytes,
        int descriptorBytes,
        boolean needsRecovery) {
    static final int OFFSET = 1024;
    static final int BYTES = 1024;

    private static final int MAGIC = 0xEF53;
    private static final int RECOVER = 0x4;
    private static final int SIXTY_FOUR_BIT = 0x80;
    /** filetype, recover, extents, 64bit, flex_bg, csum_seed, largedir: what changes nothing for this reader. */
    private static final int UNDERSTOOD = 0x2 | RECOVER | 0x40 | SIXTY_FOUR_BIT | 0x200 | 0x2000 | 0x4000;

    static Superblock parse(byte[] bytes, Path file, long fileBytes) {
        ByteBuffer at = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < BYTES || (at.getShort(56) & 0xffff) != MAGIC) {
            throw invalid(file, "it has no superblock of an ext4 file system");
        }
        int incompatible = at.getInt(96);
        if ((incompatible & ~UNDERSTOOD) != 0) {
            throw invalid(
                    file,
                    "its ext4 file system has features that banger does not read: "
                            + Integer.toHexString(incompatible & ~UNDERSTOOD));
        }
        boolean wide = (incompatible & SIXTY_FOUR_BIT) != 0;
        int logBlock = at.getInt(24);
        boolean old = at.getInt(76) == 0;
        var found = new Superblock(
                at.getInt(0) & 0xffffffffL,
                (at.getInt(4) & 0xffffffffL) | (wide ? (at.getInt(0x150) & 0xffffffffL) << 32 : 0),
                logBlock >= 0 && logBlock <= 6 ? 1024 << logBlock : 0,
                at.getInt(20) & 0xffffffffL,
                at.getInt(40) & 0xffffffffL,
                old ? 128 : at.getShort(88) & 0xffff,
                wide ? at.getShort(254) & 0xffff : 32,
                (incompatible & RECOVER) != 0);
        found.check(file, fileBytes);
        return found;
    }

    private void check(Path file, long fileBytes) {
        boolean plausible = blockBytes > 0
                && inodesPerGroup > 0
                && inodes > 0
                && Integer.bitCount(inodeBytes) == 1
                && inodeBytes >= 128
                && inodeBytes <= blockBytes
                && descriptorBytes >= 32
                && descriptorBytes <= blockBytes;
        if (!plausible) {
            throw invalid(file, "the superblock of its ext4 file system is damaged");
        }
        if (blocks > fileBytes / blockBytes) {
            throw invalid(
                    file,
                    "it is cut off: its ext4 file system has " + blocks * blockBytes + " bytes, the file " + fileBytes);
        }
    }

    static Problem invalid(Path file, String fault) {
        return new Problem(Problem.Kind.FAILED, file + " cannot be read as a file system: " + fault, "file -s " + file);
    }
}
