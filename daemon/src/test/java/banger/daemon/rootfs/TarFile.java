package banger.daemon.rootfs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes small tar archives for tests, entry by entry, also such as no honest program would write. */
public final class TarFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    public TarFile() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    public TarFile file(String name, String content) {
        return file(name, content, 0644, 0);
    }

    public TarFile file(String name, String content, int mode, long owner) {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
        entry.setMode(mode);
        entry.setUserId(owner);
        entry.setGroupId(owner);
        return put(entry, content.getBytes(StandardCharsets.UTF_8));
    }

    public TarFile folder(String name, int mode) {
        TarArchiveEntry entry = new TarArchiveEntry(name + "/", TarConstants.LF_DIR, true);
        entry.setMode(mode);
        return put(entry, new byte[0]);
    }

    public TarFile symbolicLink(String name, String target) {
        return link(name, target, TarConstants.LF_SYMLINK);
    }

    public TarFile hardLink(String name, String target) {
        return link(name, target, TarConstants.LF_LINK);
    }

    public TarFile device(String name, int major, int minor) {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_CHR, true);
        entry.setDevMajor(major);
        entry.setDevMinor(minor);
        return put(entry, new byte[0]);
    }

    /** The next entry gets this pax record. */
    public TarFile pax(String key, byte[] value) {
        byte[] body = (" " + key + "=").getBytes(StandardCharsets.UTF_8);
        int length = body.length + value.length + 1;
        int all = length + Integer.toString(length + 3).length();
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(Integer.toString(all).getBytes(StandardCharsets.US_ASCII));
        record.writeBytes(body);
        record.writeBytes(value);
        record.write('\n');
        return put(new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC), record.toByteArray());
    }

    public byte[] bytes() {
        try {
            tar.finish();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TarFile link(String name, String target, byte kind) {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        entry.setLinkName(target);
        return put(entry, new byte[0]);
    }

    private TarFile put(TarArchiveEntry entry, byte[] content) {
        try {
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
