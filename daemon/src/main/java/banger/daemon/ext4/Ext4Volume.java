package banger.daemon.ext4;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * An ext4 file, opened for reading without mounting it. Its content may be a guest's work: every number in it is checked
 * before it is used. Safe for any number of threads.
 *
 * <p>Names are ISO 8859-1 strings, so that whatever bytes a name has survive.
 */
public final class Ext4Volume implements AutoCloseable {
    static final long ROOT = 2;
    private static final long MAX_FOLDER_BYTES = 256L << 20;
    private static final int MAX_LINK_BYTES = 4096;
    private static final int LONGEST_INNER_LINK = 60;

    private final Path file;
    private final FileChannel channel;
    private final Superblock superblock;

    private Ext4Volume(Path file, FileChannel channel, Superblock superblock) {
        this.file = file;
        this.channel = channel;
        this.superblock = superblock;
    }

    /** @throws banger.daemon.problem.Problem FAILED where it is no file system that can be read */
    public static Ext4Volume open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file);
        try {
            byte[] bytes = new byte[Superblock.BYTES];
            ByteBuffer into = ByteBuffer.wrap(bytes);
            while (into.hasRemaining() && channel.read(into, Superblock.OFFSET + into.position()) > 0) {
                continue;
            }
            byte[] read = java.util.Arrays.copyOf(bytes, into.position());
            return new Ext4Volume(file, channel, Superblock.parse(read, file, channel.size()));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public Superblock superblock() {
        return superblock;
    }

    public Path file() {
        return file;
    }

    Inode inode(long number) throws IOException {
        if (number < 1 || number > superblock.inodes()) {
            throw damaged("a folder, which names file " + number);
        }
        long group = (number - 1) / superblock.inodesPerGroup();
        long index = (number - 1) % superblock.inodesPerGroup();
        long descriptors = (superblock.firstBlock() + 1) * superblock.blockBytes();
        ByteBuffer descriptor = read(descriptors + group * superblock.descriptorBytes(), superblock.descriptorBytes());
        long table = (descriptor.getInt(8) & 0xffffffffL)
                | (superblock.descriptorBytes() >= 64 ? (descriptor.getInt(40) & 0xffffffffL) << 32 : 0);
        ByteBuffer body =
                read(table * superblock.blockBytes() + index * superblock.inodeBytes(), superblock.inodeBytes());
        return Inode.parse(number, body);
    }

    /** The names in a folder and the numbers of their inodes, without "." and "..". */
    Map<String, Long> list(Inode folder) throws IOException {
        if (!folder.isFolder() || folder.bytes() > MAX_FOLDER_BYTES) {
            throw damaged("a folder of " + folder.bytes() + " bytes");
        }
        Map<String, Long> names = new TreeMap<>();
        for (BlockMap.Run run : BlockMap.of(this, folder)) {
            for (long i = 0; i < run.count(); i++) {
                list(block(run.start() + i), names);
            }
        }
        names.remove(".");
        names.remove("..");
        return names;
    }

    private void list(ByteBuffer block, Map<String, Long> names) throws IOException {
        int at = 0;
        while (at + 8 <= block.capacity()) {
            long number = block.getInt(at) & 0xffffffffL;
            int entryBytes = block.getShort(at + 4) & 0xffff;
            int nameBytes = block.get(at + 6) & 0xff;
            if (entryBytes < 8 || at + entryBytes > block.capacity() || nameBytes + 8 > entryBytes) {
                throw damaged("a folder's list");
            }
            if (number != 0 && nameBytes > 0) {
                byte[] name = new byte[nameBytes];
                block.get(at + 8, name);
                String text = new String(name, StandardCharsets.ISO_8859_1);
                if (text.indexOf('/') >= 0 || text.indexOf('\0') >= 0) {
                    throw damaged("a name with a slash or NUL");
                }
                names.put(text, number);
            }
            at += entryBytes;
        }
    }

    Map<String, byte[]> attributes(Inode inode) throws IOException {
        return Attributes.of(this, inode);
    }

    String linkTarget(Inode inode) throws IOException {
        if (inode.bytes() > MAX_LINK_BYTES) {
            throw damaged("a symbolic link");
        }
        if (inode.bytes() < LONGEST_INNER_LINK && (inode.flags() & Inode.EXTENTS) == 0) {
            byte[] text = new byte[(int) inode.bytes()];
            inode.body().get(Inode.BLOCK_MAP, text);
            return new String(text, StandardCharsets.ISO_8859_1);
        }
        var out = new java.io.ByteArrayOutputStream();
        copy(inode, out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** The bytes of the file that are not holes. */
    long dataBytes(Inode inode) throws IOException {
        long blocks = 0;
        for (BlockMap.Run run : BlockMap.of(this, inode)) {
            blocks += run.count();
        }
        return blocks * superblock.blockBytes();
    }

    /** Writes the file's content; holes become zeros. */
    void copy(Inode inode, OutputStream out) throws IOException {
        WritableByteChannel target = Channels.newChannel(out);
        long written = 0;
        for (BlockMap.Run run : BlockMap.of(this, inode)) {
            written += zeros(out, run.at() * superblock.blockBytes() - written);
            long bytes = Math.min(run.count() * superblock.blockBytes(), inode.bytes() - written);
            transfer(run.start() * superblock.blockBytes(), bytes, target);
            written += bytes;
        }
        zeros(out, inode.bytes() - written);
    }

    /** Writes the file's content to an empty file; holes stay holes. */
    void copy(Inode inode, FileChannel target) throws IOException {
        for (BlockMap.Run run : BlockMap.of(this, inode)) {
            long at = run.at() * superblock.blockBytes();
            target.position(at);
            transfer(
                    run.start() * superblock.blockBytes(),
                    Math.min(run.count() * superblock.blockBytes(), inode.bytes() - at),
                    target);
        }
        if (target.size() < inode.bytes()) {
            target.write(ByteBuffer.wrap(new byte[1]), inode.bytes() - 1);
        }
    }

    private void transfer(long from, long bytes, WritableByteChannel target) throws IOException {
        for (long done = 0; done < bytes; ) {
            long moved = channel.transferTo(from + done, bytes - done, target);
            if (moved <= 0) {
                throw damaged("a file that lies beyond the end");
            }
            done += moved;
        }
    }

    private static long zeros(OutputStream out, long bytes) throws IOException {
        byte[] nothing = new byte[(int) Math.clamp(bytes, 0, 1 << 16)];
        for (long left = bytes; left > 0; left -= nothing.length) {
            out.write(nothing, 0, (int) Math.min(left, nothing.length));
        }
        return Math.max(bytes, 0);
    }

    ByteBuffer block(long number) throws IOException {
        if (number >= superblock.blocks()) {
            throw damaged("a pointer to block " + number);
        }
        return read(number * superblock.blockBytes(), superblock.blockBytes());
    }

    private ByteBuffer read(long at, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new EOFException(file + " ends within its file system");
            }
        }
        return buffer.flip();
    }

    IOException damaged(String what) {
        return new IOException(file + " is damaged: it has " + what + " that cannot be");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
