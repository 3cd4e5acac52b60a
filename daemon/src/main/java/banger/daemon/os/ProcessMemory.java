package banger.daemon.os;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A private mapping in another process's memory, found by its length: that of a file, of which the process has pages of
 * its own where it wrote, or of none (proc(5): {@code maps}, {@code pagemap}, {@code mem}).
 *
 * <p>Reading it takes what ptrace(2) takes: the same user, and a kernel.yama.ptrace_scope that allows it.
 */
public final class ProcessMemory {
    private static final int PAGE_BYTES = 4096;
    private static final int RUN_PAGES = 256;
    private static final int ENTRY_BYTES = Long.BYTES;
    private static final int HEAD_BYTES = 2 * Long.BYTES;
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(PAGE_BYTES).asReadOnlyBuffer();
    /** Bits of a pagemap entry: the page is in memory, is in swap, belongs to a file. */
    private static final long PRESENT = 1L << 63;

    private static final long SWAPPED = 1L << 62;
    private static final long OF_A_FILE = 1L << 61;

    private final long pid;
    private final long start;
    private final long bytes;
    private final Optional<Path> file;
    /** Whether even a page that the process never touched can hold something, which only the process can tell. */
    private final boolean readsAll;

    private ProcessMemory(long pid, long start, long bytes, Optional<Path> file, boolean readsAll) {
        this.pid = pid;
        this.start = start;
        this.bytes = bytes;
        this.file = file;
        this.readsAll = readsAll;
    }

    /** The process's writable mapping of that length. @throws IOException where there is not exactly one */
    public static ProcessMemory find(long pid, long bytes) throws IOException {
        var found = Files.readAllLines(Path.of("/proc/" + pid + "/maps")).stream()
                .map(line -> line.split(" +", 6))
                .filter(fields -> fields[1].startsWith("rw-p") && length(fields[0]) == bytes)
                .toList();
        if (found.size() != 1) {
            throw new IOException(
                    "process " + pid + " has " + found.size() + " mappings of " + bytes + " bytes, expected one");
        }
        String[] fields = found.getFirst();
        long start = Long.parseUnsignedLong(fields[0].split("-")[0], 16);
        boolean mapsFile = !fields[4].equals("0");
        Optional<Path> file = mapsFile ? present(fields[5], fields[4]) : Optional.empty();
        return new ProcessMemory(pid, start, bytes, file, mapsFile && file.isEmpty());
    }

    /** The file, unless it was removed or replaced since it was mapped. */
    private static Optional<Path> present(String name, String inode) throws IOException {
        try {
            Path path = Path.of(name);
            return Files.getAttribute(path, "unix:ino").toString().equals(inode) ? Optional.of(path) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static long length(String range) {
        String[] ends = range.split("-");
        return Long.parseUnsignedLong(ends[1], 16) - Long.parseUnsignedLong(ends[0], 16);
    }

    /**
     * Makes {@code to}, which must not exist, a copy of what the process has not written to: of the file, or nothing but
     * holes. May be done before the process pauses.
     */
    public void copyBase(Path to) throws IOException {
        if (file.isPresent()) {
            SparseCopy.copy(file.get(), to);
            return;
        }
        int target = Libc.open(to, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL, 0600);
        try {
            Libc.ftruncate(target, bytes);
        } finally {
            Libc.close(target);
        }
    }

    /** Makes {@code to}, which must not exist, another name of the file. Returns false, and makes nothing, without one. */
    public boolean linkBase(Path to) {
        try {
            if (file.isPresent()) {
                Files.createLink(to, file.get());
                return true;
            }
        } catch (IOException | UnsupportedOperationException e) {
            // The file is on another file system, or has more names than it may have.
        }
        return false;
    }

    /** Writes over it what the process has pages of its own for; the process must not write meanwhile. */
    public void copyOwn(Path to) throws IOException {
        try (var target = FileChannel.open(to, StandardOpenOption.WRITE)) {
            eachOwn((offset, run) -> write(target, run, offset, file.isPresent()));
        }
    }

    /**
     * Writes what the process has pages of its own for into a new file, for {@link #apply}: one run after the other, each
     * with its offset and its length in bytes before it, 8 bytes each, the most significant first. The process must not
     * write meanwhile.
     */
    public void saveOwn(Path changes) throws IOException {
        try (var target = FileChannel.open(changes, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
            eachOwn((offset, run) -> {
                head.clear().putLong(offset).putLong(run.remaining()).flip();
                for (ByteBuffer part : new ByteBuffer[] {head, run}) {
                    while (part.hasRemaining()) {
                        target.write(part);
                    }
                }
            });
        }
    }

    /** Writes into the process what {@link #saveOwn} has saved of another of the same file; it must not run yet. */
    public void apply(Path changes) throws IOException {
        try (var source = FileChannel.open(changes);
                var memory = FileChannel.open(Path.of("/proc/" + pid + "/mem"), StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
            ByteBuffer run = ByteBuffer.allocateDirect(RUN_PAGES * PAGE_BYTES);
            for (long at = 0; at < source.size(); at += HEAD_BYTES + run.limit()) {
                readFully(source, head.clear(), at);
                long offset = head.flip().getLong();
                long length = head.getLong();
                if (length <= 0 || length > run.capacity() || offset < 0 || offset > bytes - length) {
                    throw new IOException(changes + " is damaged");
                }
                readFully(source, run.clear().limit((int) length), at + HEAD_BYTES);
                writeFully(memory, run.flip(), start + offset);
            }
        } catch (java.nio.file.AccessDeniedException e) {
            throw unreadable(e);
        }
    }

    private interface Sink {
        void take(long offset, ByteBuffer run) throws IOException;
    }

    private void eachOwn(Sink sink) throws IOException {
        try (var pagemap = FileChannel.open(Path.of("/proc/" + pid + "/pagemap"));
                var memory = FileChannel.open(Path.of("/proc/" + pid + "/mem"))) {
            ByteBuffer entries =
                    ByteBuffer.allocateDirect(RUN_PAGES * 64 * ENTRY_BYTES).order(ByteOrder.nativeOrder());
            ByteBuffer run = ByteBuffer.allocateDirect(RUN_PAGES * PAGE_BYTES);
            long pages = bytes / PAGE_BYTES;
            for (long page = 0; page < pages; ) {
                entries.clear().limit((int) Math.min(entries.capacity(), (pages - page) * ENTRY_BYTES));
                readFully(pagemap, entries, (start / PAGE_BYTES + page) * ENTRY_BYTES);
                entries.flip();
                copyRuns(entries, page, memory, sink, run);
                page += entries.limit() / ENTRY_BYTES;
            }
        } catch (java.nio.file.AccessDeniedException e) {
            throw unreadable(e);
        }
    }

    private IOException unreadable(IOException cause) {
        return new IOException("the memory of process " + pid + " may not be read (kernel.yama.ptrace_scope?)", cause);
    }

    private void copyRuns(ByteBuffer entries, long first, FileChannel memory, Sink sink, ByteBuffer run)
            throws IOException {
        int count = entries.limit() / ENTRY_BYTES;
        for (int at = 0; at < count; ) {
            if (!isOwn(entries.getLong(at * ENTRY_BYTES))) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < count && end - at < RUN_PAGES && isOwn(entries.getLong(end * ENTRY_BYTES))) {
                end++;
            }
            run.clear().limit((end - at) * PAGE_BYTES);
            long offset = (first + at) * PAGE_BYTES;
            readFully(memory, run, start + offset);
            sink.take(offset, run.flip());
            at = end;
        }
    }

    private boolean isOwn(long entry) {
        return readsAll || (entry & (PRESENT | SWAPPED)) != 0 && (entry & OF_A_FILE) == 0;
    }

    private static void write(FileChannel target, ByteBuffer run, long offset, boolean zerosToo) throws IOException {
        if (zerosToo) {
            writeFully(target, run, offset);
            return;
        }
        int end = run.limit();
        for (int at = 0; at < end; ) {
            int stop = at;
            while (stop < end && !isZero(run, stop)) {
                stop += PAGE_BYTES;
            }
            if (stop > at) {
                writeFully(target, run.slice(at, stop - at), offset + at);
            }
            at = stop == at ? at + PAGE_BYTES : stop;
        }
    }

    private static boolean isZero(ByteBuffer run, int page) {
        return run.slice(page, PAGE_BYTES).mismatch(ZEROS.duplicate()) < 0;
    }

    private static void readFully(FileChannel from, ByteBuffer into, long offset) throws IOException {
        long begin = offset - into.position();
        while (into.hasRemaining()) {
            if (from.read(into, begin + into.position()) <= 0) {
                throw new EOFException("the process's memory ended while it was read");
            }
        }
    }

    private static void writeFully(FileChannel to, ByteBuffer from, long offset) throws IOException {
        long at = offset;
        while (from.hasRemaining()) {
            at += to.write(from, at);
        }
    }
}
