package banger.daemon.rootfs;

import banger.daemon.archive.Decompression;
import banger.daemon.rootfs.LayerEntry.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/** Reads a layer's archive, compressed or not, entry by entry. */
final class LayerReader implements AutoCloseable {
    private static final byte CONTIGUOUS = '7';
    /** What is no file has no content, and what is behind the archive's end is padding. */
    private static final long MAX_BESIDE_FILES_BYTES = 16L << 20;

    private final PaxTap tap;
    private final TarArchiveInputStream tar;
    private boolean empty = true;

    /** @param stored as the layer is stored; closed with this */
    LayerReader(InputStream stored) throws IOException {
        tap = new PaxTap(Decompression.of(stored));
        tar = new TarArchiveInputStream(tap, "UTF-8");
    }

    /** The next entry, or null after the last. @throws IOException where the archive is damaged or ends in the middle */
    @Nullable
    LayerEntry next() throws IOException {
        TarArchiveEntry entry;
        try {
            entry = tar.getNextEntry();
        } catch (IllegalArgumentException e) {
            throw new IOException("it is no tar archive: " + e.getMessage(), e);
        }
        if (entry == null) {
            return null;
        }
        empty = false;
        Map<String, byte[]> xattrs = tap.next();
        Kind kind = kind(entry);
        if (kind != Kind.FILE && entry.getSize() > MAX_BESIDE_FILES_BYTES) {
            throw new IOException("its entry \"" + LayerPlan.printable(entry.getName()) + "\" is no file and has "
                    + entry.getSize() + " bytes");
        }
        return new LayerEntry(
                entry.getName(),
                kind,
                kind == Kind.SYMBOLIC_LINK || kind == Kind.HARD_LINK ? entry.getLinkName() : "",
                kind == Kind.FILE ? entry.getRealSize() : 0,
                entry.getMode() & 07777,
                entry.getLongUserId(),
                entry.getLongGroupId(),
                entry.getLastModifiedTime().to(java.util.concurrent.TimeUnit.SECONDS),
                entry.getDevMajor(),
                entry.getDevMinor(),
                xattrs);
    }

    /** The present entry's content. */
    InputStream content() {
        return tar;
    }

    /** Whether no entry has been found. */
    boolean isEmpty() {
        return empty;
    }

    /** Reads on to the end of what is stored, so that its digest is that of the whole. @throws IOException if it is far */
    void drain() throws IOException {
        byte[] away = new byte[1 << 16];
        long behind = 0;
        int read;
        while ((read = tap.in().read(away)) >= 0) {
            behind += read;
            if (behind > MAX_BESIDE_FILES_BYTES) {
                throw new IOException("it goes on for more than " + MAX_BESIDE_FILES_BYTES + " bytes behind its end");
            }
        }
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    private static Kind kind(TarArchiveEntry entry) {
        if (entry.isSymbolicLink()) {
            return Kind.SYMBOLIC_LINK;
        } else if (entry.isLink()) {
            return Kind.HARD_LINK;
        } else if (entry.isDirectory()) {
            return Kind.FOLDER;
        } else if (entry.isFIFO()) {
            return Kind.FIFO;
        } else if (entry.isCharacterDevice()) {
            return Kind.CHARACTER_DEVICE;
        } else if (entry.isBlockDevice()) {
            return Kind.BLOCK_DEVICE;
        }
        byte flag = entry.getLinkFlag();
        boolean file = flag == TarConstants.LF_NORMAL
                || flag == TarConstants.LF_OLDNORM
                || flag == CONTIGUOUS
                || entry.isSparse();
        return file ? Kind.FILE : Kind.OTHER;
    }
}
