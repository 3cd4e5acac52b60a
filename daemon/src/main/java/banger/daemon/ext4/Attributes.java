package banger.daemon.ext4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the extended attributes of an inode, with the names and values that getxattr(2) has. */
final class Attributes {
    private static final int MAGIC = 0xEA020000;
    private static final int BLOCK_HEADER_BYTES = 32;
    private static final int ENTRY_BYTES = 16;
    private static final String ACCESS_LIST = "system.posix_acl_access";
    private static final String DEFAULT_LIST = "system.posix_acl_default";

    private Attributes() {}

    static Map<String, byte[]> of(Ext4Volume volume, Inode inode) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        int start = inode.attributeStart();
        if (start > 0 && inode.body().getInt(start) == MAGIC) {
            ByteBuffer entries = inode.body().slice(start + 4, inode.body().capacity() - start - 4);
            read(volume, entries.order(ByteOrder.LITTLE_ENDIAN), 0, found);
        }
        if (inode.attributeBlock() != 0) {
            ByteBuffer block = volume.block(inode.attributeBlock());
            if (block.getInt(0) != MAGIC) {
                throw volume.damaged("a block of extended attributes");
            }
            read(volume, block, BLOCK_HEADER_BYTES, found);
        }
        return found;
    }

    private static void read(Ext4Volume volume, ByteBuffer area, int first, Map<String, byte[]> found)
            throws IOException {
        int at = first;
        while (at + ENTRY_BYTES <= area.capacity() && area.getInt(at) != 0) {
            int nameBytes = area.get(at) & 0xff;
            int offset = area.getShort(at + 2) & 0xffff;
            int bytes = area.getInt(at + 8);
            boolean fits = at + ENTRY_BYTES + nameBytes <= area.capacity()
                    && bytes >= 0
                    && offset <= area.capacity() - bytes
                    && area.getInt(at + 4) == 0;
            if (!fits) {
                throw volume.damaged("an extended attribute");
            }
            byte[] name = new byte[nameBytes];
            area.get(at + ENTRY_BYTES, name);
            byte[] value = new byte[bytes];
            area.get(offset, value);
            String full = fullName(area.get(at + 1), new String(name, StandardCharsets.ISO_8859_1));
            if (full != null) {
                found.put(full, full.equals(ACCESS_LIST) || full.equals(DEFAULT_LIST) ? accessList(value) : value);
            }
            at += ENTRY_BYTES + (nameBytes + 3) / 4 * 4;
        }
    }

    private static @Nullable String fullName(int index, String name) {
        return switch (index) {
            case 1 -> "user." + name;
            case 2 -> ACCESS_LIST;
            case 3 -> DEFAULT_LIST;
            case 4 -> "trusted." + name;
            case 6 -> "security." + name;
            default -> null;
        };
    }

    /** From ext4's form (version 1; ids only where an entry has one) to that of the system calls (version 2). */
    private static byte[] accessList(byte[] disk) {
        ByteBuffer from = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocate(4 + disk.length / 4 * 8).order(ByteOrder.LITTLE_ENDIAN);
        to.putInt(2);
        from.position(Math.min(4, disk.length));
        while (from.remaining() >= 4) {
            short tag = from.getShort();
            to.putShort(tag).putShort(from.getShort());
            // ACL_USER and ACL_GROUP name somebody.
            boolean named = (tag == 2 || tag == 8) && from.remaining() >= 4;
            to.putInt(named ? from.getInt() : -1);
        }
        return java.util.Arrays.copyOf(to.array(), to.position());
    }
}
