package banger.daemon.ext4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Where the content of a file lies: in extents, or in the indirect blocks of ext2 and ext3. */
final class BlockMap {
    private static final int EXTENT_MAGIC = 0xF30A;
    private static final int MAX_DEPTH = 5;
    private static final int UNWRITTEN = 32768;
    private static final int DIRECT = 12;

    /** Blocks in a row; those that no run has are zeros. @param at in the file @param start in the file system */
    record Run(long at, long start, long count) {}

    private final Ext4Volume volume;
    private final long most;
    private final List<Run> runs = new ArrayList<>();
    private long visited;

    private BlockMap(Ext4Volume volume, long most) {
        this.volume = volume;
        this.most = most;
    }

    /** The runs of the inode, in order. */
    static List<Run> of(Ext4Volume volume, Inode inode) throws IOException {
        int blockBytes = volume.superblock().blockBytes();
        long blocks = (inode.bytes() + blockBytes - 1) / blockBytes;
        var map = new BlockMap(volume, blocks);
        ByteBuffer root = inode.body()
                .slice(Inode.BLOCK_MAP, Inode.BLOCK_MAP_BYTES)
                .order(inode.body().order());
        if ((inode.flags() & Inode.EXTENTS) != 0) {
            map.extents(root, MAX_DEPTH);
        } else {
            map.indirect(root);
        }
        return map.runs;
    }

    private void extents(ByteBuffer node, int deepest) throws IOException {
        // A hostile tree may lead in circles.
        if (++visited > most + MAX_DEPTH) {
            throw volume.damaged("an extent tree");
        }
        int entries = node.getShort(2) & 0xffff;
        int depth = node.getShort(6) & 0xffff;
        if ((node.getShort(0) & 0xffff) != EXTENT_MAGIC || depth > deepest || 12 + entries * 12 > node.capacity()) {
            throw volume.damaged("an extent tree");
        }
        for (int i = 0; i < entries; i++) {
            int at = 12 + i * 12;
            if (depth == 0) {
                int length = node.getShort(at + 4) & 0xffff;
                long start = (node.getInt(at + 8) & 0xffffffffL) | (node.getShort(at + 6) & 0xffffL) << 32;
                if (length <= UNWRITTEN) {
                    add(node.getInt(at) & 0xffffffffL, start, length);
                }
            } else {
                long leaf = (node.getInt(at + 4) & 0xffffffffL) | (node.getShort(at + 8) & 0xffffL) << 32;
                extents(volume.block(leaf), depth - 1);
            }
        }
    }

    private void indirect(ByteBuffer root) throws IOException {
        long next = 0;
        for (int i = 0; i < DIRECT; i++) {
            single(next++, root.getInt(i * 4));
        }
        for (int depth = 1; depth <= 3 && next < most; depth++) {
            next = indirect(next, root.getInt((DIRECT + depth - 1) * 4), depth);
        }
    }

    private long indirect(long first, int block, int depth) throws IOException {
        long width = volume.superblock().blockBytes() / 4;
        long covers = (long) Math.pow(width, depth);
        if (block == 0) {
            return first + covers;
        }
        ByteBuffer pointers = volume.block(block & 0xffffffffL);
        long next = first;
        for (int i = 0; i < width && next < most; i++) {
            int pointer = pointers.getInt(i * 4);
            if (depth > 1) {
                next = indirect(next, pointer, depth - 1);
            } else {
                single(next++, pointer);
            }
        }
        return first + covers;
    }

    private void single(long at, int block) {
        if (block != 0 && at < most) {
            long start = block & 0xffffffffL;
            Run last = runs.isEmpty() ? null : runs.getLast();
            if (last != null && last.at() + last.count() == at && last.start() + last.count() == start) {
                runs.set(runs.size() - 1, new Run(last.at(), last.start(), last.count() + 1));
            } else {
                runs.add(new Run(at, start, 1));
            }
        }
    }

    private void add(long at, long start, long count) {
        if (at < most) {
            runs.add(new Run(at, start, Math.min(count, most - at)));
        }
    }
}
