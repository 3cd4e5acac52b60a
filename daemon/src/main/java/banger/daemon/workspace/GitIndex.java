package banger.daemon.workspace;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The entries of a git index file of version 2 or 3, in its order: by path, byte by byte. The format is git's
 * {@code gitformat-index(5)}.
 *
 * <p>Paths are bytes, kept as ISO 8859-1 text so that every name comes through.
 */
record GitIndex(List<Entry> entries) {
    private static final int SIGNATURE = 0x44495243;
    private static final int STAT_BYTES = 40;
    private static final int MODIFIED_AT = 8;
    private static final int MODE_AT = 24;
    private static final int SIZE_AT = 36;
    private static final int FLAG_EXTENDED = 0x4000;
    private static final int EXTENDED_SKIP_WORKTREE = 0x4000;
    private static final int GITLINK = 0160000;

    /**
     * One file.
     *
     * @param size its bytes, modulo 2^32
     * @param modified the second of its last change, modulo 2^32
     * @param absent whether the work tree leaves it out (sparse checkout)
     * @param sizeAt where in the index its size stands
     */
    record Entry(String path, int mode, String object, long size, int modified, boolean absent, int sizeAt) {
        boolean isSubmodule() {
            return mode == GITLINK;
        }

        /** Whether the work tree holds it as a file. */
        boolean isFile() {
            return !absent && !isSubmodule();
        }

        /** As {@code git ls-files --stage} has it. */
        String line() {
            return String.format("%06o %s 0\t%s", mode, object, path);
        }

        boolean sameContent(Entry other) {
            return mode == other.mode && object.equals(other.object);
        }
    }

    static GitIndex read(Path file, int objectIdBytes) {
        try {
            return parse(ByteBuffer.wrap(Files.readAllBytes(file)), objectIdBytes);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "the index copy " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static GitIndex parse(ByteBuffer bytes, int objectIdBytes) throws IOException {
        int signature = bytes.getInt();
        int version = bytes.getInt();
        int count = bytes.getInt();
        if (signature != SIGNATURE || version < 2 || version > 3) {
            throw new IOException("expected an index of version 2 or 3, found version " + version);
        }
        List<Entry> entries = new ArrayList<>(count);
        byte[] object = new byte[objectIdBytes];
        for (int i = 0; i < count; i++) {
            int start = bytes.position();
            int mode = bytes.getInt(start + MODE_AT);
            long size = Integer.toUnsignedLong(bytes.getInt(start + SIZE_AT));
            bytes.get(start + STAT_BYTES, object);
            int at = start + STAT_BYTES + objectIdBytes;
            int flags = bytes.getShort(at);
            at += 2;
            boolean absent = false;
            if ((flags & FLAG_EXTENDED) != 0) {
                absent = (bytes.getShort(at) & EXTENDED_SKIP_WORKTREE) != 0;
                at += 2;
            }
            int end = at;
            while (bytes.get(end) != 0) {
                end++;
            }
            String path = new String(bytes.array(), at, end - at, StandardCharsets.ISO_8859_1);
            int modified = bytes.getInt(start + MODIFIED_AT);
            String id = HexFormat.of().formatHex(object);
            entries.add(new Entry(path, mode, id, size, modified, absent, start + SIZE_AT));
            // One to eight NULs end the name, so that the entry's length is a multiple of eight.
            bytes.position(start + ((end - start + 8) & ~7));
        }
        return new GitIndex(List.copyOf(entries));
    }

    boolean hasSubmodules() {
        return entries.stream().anyMatch(Entry::isSubmodule);
    }

    List<Entry> files() {
        return entries.stream().filter(Entry::isFile).toList();
    }
}
