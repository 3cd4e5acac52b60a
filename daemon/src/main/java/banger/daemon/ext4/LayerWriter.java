package banger.daemon.ext4;

import banger.daemon.disk.Ext4;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.problem.Problem;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes a tree into a new ext4 file: mke2fs makes an empty one, debugfs fills it by a script, e2fsck has the last word.
 *
 * <p>So nothing is mounted and no owner, device or attribute passes through the host's file systems, which would ask for
 * root. The same tree gives the same bytes.
 */
public final class LayerWriter {
    private static final Duration BOUND = Duration.ofMinutes(30);
    private static final String ROOT_NAME = "/";
    private static final int BLOCK = Ext4.BLOCK_BYTES;
    /** Bitmaps, descriptors, and lists of folders with many long names. */
    private static final long FIXED_OVERHEAD_BYTES = 4L << 20;

    private static final int OVERHEAD_DIVISOR = 24;
    private static final int MAX_UNSAFE_NAME = 80;

    private final Path scratch;
    private final Progress progress;
    private final Map<Entry.Content, String> firstNames = new HashMap<>();
    private final Map<Entry.@org.jspecify.annotations.Nullable Content, Integer> links = new HashMap<>();
    private int extracted;

    private LayerWriter(Path scratch, Progress progress) {
        this.scratch = scratch;
        this.progress = progress;
    }

    /** How big a file system for the tree has to be, and how many files it has. */
    record Size(long bytes, long files) {
        static Size of(Entry root) throws IOException {
            long[] sums = new long[2];
            add(root, sums, new HashMap<>());
            return new Size(sums[0], sums[1]);
        }

        private static void add(Entry entry, long[] sums, Map<Entry.Content, Boolean> seen) throws IOException {
            sums[1]++;
            // One for attributes; a folder's list has 264 bytes for the longest name.
            sums[0] += entry.attributes().isEmpty() ? 0 : BLOCK;
            if (entry.isFolder()) {
                sums[0] += BLOCK + entry.children().size() * 264L / BLOCK * BLOCK;
            } else if (entry.content != null) {
                if (seen.put(entry.content, true) == null) {
                    sums[0] += entry.content.dataBytes();
                }
            } else if (entry.target != null) {
                sums[0] += BLOCK;
            }
            for (Entry child : entry.children().values()) {
                add(child, sums, seen);
            }
        }
    }

    /**
     * Writes a read-only layer, as long as it has to be.
     *
     * @param scratch a folder of the caller's, on whose file system there is room for the content once more
     */
    public static void layer(Entry root, Path file, String label, String uuid, Path scratch, Progress progress)
            throws IOException {
        Size size = Size.of(root);
        long bytes = size.bytes() + size.files() * Ext4.INODE_BYTES;
        bytes += bytes / OVERHEAD_DIVISOR + FIXED_OVERHEAD_BYTES;
        var format = new Ext4(label, uuid, false, 0, size.files(), null);
        new LayerWriter(scratch, progress).write(root, format, bytes - bytes % BLOCK, file);
    }

    /** Writes a file system of that length that can be written to and grow, such as a work seed. */
    public static void disk(Entry root, Path file, long bytes, Ext4 format, Path scratch, Progress progress)
            throws IOException {
        new LayerWriter(scratch, progress).write(root, format, bytes, file);
    }

    private void write(Entry root, Ext4 format, long bytes, Path file) throws IOException {
        format.make(file, bytes, command -> command.until(progress::cancelled));
        Path names = scratch.resolve(file.getFileName() + ".names");
        try (var out = Files.newBufferedWriter(names, StandardCharsets.ISO_8859_1)) {
            line(out, "rmdir " + quoted("lost+found"));
            folder(out, ROOT_NAME, root);
        }
        run(names, file);
        // By number: debugfs looks through a folder's whole list for every name.
        Path attributes = scratch.resolve(file.getFileName() + ".attributes");
        try (var out = Files.newBufferedWriter(attributes, StandardCharsets.ISO_8859_1);
                Ext4Volume written = Ext4Volume.open(file)) {
            attributesBelow(out, written, Ext4Volume.ROOT, root);
        }
        run(attributes, file);
        Command.of("e2fsck", "-fn", file.toString())
                .within(BOUND)
                .until(progress::cancelled)
                .succeed();
    }

    private void run(Path script, Path file) {
        AtomicReference<String> fault = new AtomicReference<>();
        Command.of("debugfs", "-w", "-f", script.toString(), file.toString())
                .with("E2FSPROGS_FAKE_TIME", "1")
                .with("SOURCE_DATE_EPOCH", "1")
                .within(BOUND)
                .until(progress::cancelled)
                .onLine(line -> {
                    // It echoes what it does and goes on after what fails.
                    boolean usual =
                            line.startsWith("debugfs") || line.startsWith("Allocated inode: ") || line.isBlank();
                    if (!usual) {
                        fault.compareAndSet(null, line);
                    }
                })
                .succeed();
        String said = fault.get();
        if (said != null) {
            throw new Problem(Problem.Kind.FAILED, "debugfs could not write " + file.getFileName() + ": " + said);
        }
    }

    private void folder(BufferedWriter out, String path, Entry folder) throws IOException {
        progress.checkCancelled();
        line(out, "cd " + quoted(path));
        // Folders come last: the walk into one leaves this one.
        for (var each : folder.children().entrySet()) {
            if (each.getValue().isFolder()) {
                line(out, "mkdir " + quoted(each.getKey()));
            } else {
                make(out, path, each.getKey(), each.getValue());
            }
        }
        for (var each : folder.children().entrySet()) {
            if (each.getValue().isFolder()) {
                folder(out, below(path, each.getKey()), each.getValue());
            }
        }
    }

    private void make(BufferedWriter out, String path, String name, Entry entry) throws IOException {
        Entry.Content content = entry.content;
        switch (entry.meta.type()) {
            case Inode.FILE -> {
                if (content == null) {
                    throw new IllegalStateException(name);
                }
                links.merge(content, 1, Integer::sum);
                String first = firstNames.putIfAbsent(content, below(path, name));
                line(
                        out,
                        first != null
                                ? "link " + quoted(first) + " " + quoted(name)
                                : "write " + quoted(extract(content).toString()) + " " + quoted(name));
            }
            case Inode.LINK -> line(out, "symlink " + quoted(name) + " " + quoted(String.valueOf(entry.target)));
            case Inode.CHARACTERS -> line(out, "mknod " + quoted(name) + " c " + numbers(entry));
            case Inode.BLOCKS -> line(out, "mknod " + quoted(name) + " b " + numbers(entry));
            case Inode.PIPE -> line(out, "mknod " + quoted(name) + " p");
            default -> {
                // A socket means nothing without the process that had it open.
            }
        }
    }

    private void attributesBelow(BufferedWriter out, Ext4Volume written, long number, Entry entry) throws IOException {
        progress.checkCancelled();
        attributes(out, "<" + number + ">", entry);
        if (!entry.isFolder()) {
            return;
        }
        Map<String, Long> numbers = written.list(written.inode(number));
        for (var each : entry.children().entrySet()) {
            Long child = numbers.get(each.getKey());
            if (child != null) {
                attributesBelow(out, written, child, each.getValue());
            }
        }
    }

    private void attributes(BufferedWriter out, String name, Entry entry) throws IOException {
        line(out, "sif " + name + " mode 0" + Integer.toOctalString(entry.meta.mode()));
        line(out, "sif " + name + " uid " + Integer.toUnsignedString(entry.meta.uid()));
        line(out, "sif " + name + " gid " + Integer.toUnsignedString(entry.meta.gid()));
        for (String time : new String[] {"mtime", "ctime", "atime"}) {
            line(out, "sif " + name + " " + time + " @" + Math.max(0, entry.meta.mtime()));
        }
        int names = links.getOrDefault(entry.content, 1);
        if (names > 1) {
            line(out, "sif " + name + " links_count " + names);
        }
        for (var each : entry.attributes().entrySet()) {
            attribute(out, name, each.getKey(), each.getValue());
        }
        if (entry.isOpaque()) {
            attribute(out, name, Entry.OPAQUE, new byte[] {'y'});
        }
        String redirect = entry.redirect();
        if (redirect != null) {
            attribute(out, name, Entry.REDIRECT, redirect.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void attribute(BufferedWriter out, String inode, String name, byte[] value) throws IOException {
        Path file = Files.write(scratch.resolve("attribute-" + extracted++), value);
        line(out, "ea_set -f " + quoted(file.toString()) + " " + inode + " " + quoted(name));
    }

    private Path extract(Entry.Content content) throws IOException {
        Path file = scratch.resolve("content-" + extracted++);
        try (FileChannel target = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.copy(target);
        }
        return file;
    }

    private static String numbers(Entry entry) {
        return entry.meta.major() + " " + entry.meta.minor();
    }

    private static String below(String path, String name) {
        return path.equals(ROOT_NAME) ? ROOT_NAME + name : path + "/" + name;
    }

    /** As debugfs reads words: in quotes, quotes doubled. It has no way to say a line break. */
    private static String quoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f) {
                String shown = text.replaceAll("\\p{Cntrl}", "?");
                throw new Problem(
                        Problem.Kind.FAILED,
                        "a layer cannot hold a name with a control character: \""
                                + shown.substring(0, Math.min(shown.length(), MAX_UNSAFE_NAME)) + "\"",
                        "rename it");
            }
        }
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private static void line(BufferedWriter out, String text) throws IOException {
        out.write(text);
        out.write('\n');
    }
}
