package banger.daemon.rootfs;

import banger.daemon.rootfs.LayerEntry.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes entries that have been placed as a tar archive for GNU tar, extended attributes included. */
final class RootfsTar implements AutoCloseable {
    private static final int FOLDER_MODE = 0755;
    private static final int SHORT_NAME_BYTES = 100;

    private final TarArchiveOutputStream tar;

    RootfsTar(OutputStream out) {
        tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    /** A folder that no entry describes. */
    void folder(String path) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path + "/", TarConstants.LF_DIR);
        entry.setMode(FOLDER_MODE);
        entry.setModTime(FileTime.from(Instant.EPOCH));
        put(entry);
    }

    /** Writes the entry; the content is that of a file. */
    void entry(LayerEntry from, LayerPlan.Placed placed, InputStream content, byte[] buffer) throws IOException {
        String name = from.kind() == Kind.FOLDER ? placed.path() + "/" : placed.path();
        String link = placed.linkPath() != null ? placed.linkPath() : from.linkTarget();
        Map<String, byte[]> xattrs = kept(from);
        if (!xattrs.isEmpty()) {
            // Its own header has room for short names only; GNU tar takes these records for the next entry.
            pax(name, link, xattrs);
            name = shortened(name);
            link = shortened(link);
        }
        TarArchiveEntry entry = new TarArchiveEntry(name, flag(from.kind()));
        entry.setLinkName(link);
        entry.setMode(from.mode());
        entry.setUserId(from.uid());
        entry.setGroupId(from.gid());
        entry.setModTime(FileTime.from(Instant.ofEpochSecond(from.modifiedSeconds())));
        entry.setSize(from.size());
        tar.putArchiveEntry(entry);
        if (from.kind() == Kind.FILE) {
            int read;
            while ((read = content.read(buffer)) > 0) {
                tar.write(buffer, 0, read);
            }
        }
        tar.closeArchiveEntry();
    }

    /** Ends the archive. */
    void finish() throws IOException {
        tar.finish();
        tar.flush();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    private void put(TarArchiveEntry entry) throws IOException {
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private void pax(String name, String link, Map<String, byte[]> xattrs) throws IOException {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        record(records, "path", name.getBytes(StandardCharsets.UTF_8));
        if (!link.isEmpty()) {
            record(records, "linkpath", link.getBytes(StandardCharsets.UTF_8));
        }
        for (var xattr : xattrs.entrySet()) {
            record(records, "SCHILY.xattr." + xattr.getKey(), xattr.getValue());
        }
        TarArchiveEntry header = new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
        header.setSize(records.size());
        tar.putArchiveEntry(header);
        tar.write(records.toByteArray());
        tar.closeArchiveEntry();
    }

    /** A record's length counts the digits of the length itself. */
    private static void record(OutputStream out, String key, byte[] value) throws IOException {
        byte[] start = (" " + key + "=").getBytes(StandardCharsets.UTF_8);
        int rest = start.length + value.length + 1;
        int length = rest + 1;
        while (Integer.toString(length).length() + rest != length) {
            length++;
        }
        out.write(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
        out.write(start);
        out.write(value);
        out.write('\n');
    }

    /**
     * What an image may say: users' own attributes and the capabilities of programs. Others belong to the host that it
     * was made on, or would mean something to the guest's overlay.
     */
    private static Map<String, byte[]> kept(LayerEntry from) {
        Map<String, byte[]> kept = new LinkedHashMap<>();
        from.xattrs().forEach((name, value) -> {
            boolean own = name.startsWith("user.") && !name.startsWith("user.overlay.");
            if ((own && from.kind() != Kind.SYMBOLIC_LINK) || name.equals("security.capability")) {
                kept.put(name, value);
            }
        });
        return kept;
    }

    private static String shortened(String name) {
        boolean ascii = name.chars().allMatch(c -> c < 0x80);
        return ascii && name.length() < SHORT_NAME_BYTES ? name : name.endsWith("/") ? "long/" : "long";
    }

    private static byte flag(Kind kind) {
        return switch (kind) {
            case FILE -> TarConstants.LF_NORMAL;
            case FOLDER -> TarConstants.LF_DIR;
            case SYMBOLIC_LINK -> TarConstants.LF_SYMLINK;
            case HARD_LINK -> TarConstants.LF_LINK;
            case FIFO -> TarConstants.LF_FIFO;
            case CHARACTER_DEVICE, BLOCK_DEVICE, OTHER ->
                throw new IllegalArgumentException("a plan places no entry of the kind " + kind);
        };
    }
}
