package banger.daemon.workspace;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Tar archives of host files, made by GNU tar as they are sent. */
final class Archive {
    private static final long BLOCK_BYTES = 512;
    /** Tar's status for files that changed while they were read. */
    private static final int CHANGED_MEANWHILE = 1;

    private static final List<String> TAR = List.of(
            "tar",
            "--create",
            "--file=-",
            "--format=gnu",
            "--blocking-factor=128",
            "--hard-dereference",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--warning=no-file-ignored");

    private Archive() {}

    /** Sends the named files, or with their content the named folders; the names stand in a file, each ended by a NUL. */
    static void send(Path folder, Path names, List<String> options, OutputStream to, LongConsumer moved)
            throws IOException {
        var argv = new ArrayList<>(TAR);
        argv.addAll(options);
        argv.addAll(List.of("--no-unquote", "--null", "--verbatim-files-from", "-C", folder.toString()));
        argv.add("--files-from=" + names);
        HostStream.copy(argv, to, moved, CHANGED_MEANWHILE, "reading " + folder);
    }

    /** Sends all that a folder holds. */
    static void sendAll(Path folder, OutputStream to, LongConsumer moved) throws IOException {
        var argv = new ArrayList<>(TAR);
        argv.addAll(List.of("-C", folder.toString(), "."));
        HostStream.copy(argv, to, moved, CHANGED_MEANWHILE, "reading " + folder);
    }

    /** What a file of that size takes in an archive. */
    static long bytes(long size) {
        return BLOCK_BYTES + (size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    static void writeNames(Path file, Iterable<String> names) throws IOException {
        try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(file))) {
            for (String name : names) {
                out.write(name.getBytes(StandardCharsets.ISO_8859_1));
                out.write(0);
            }
        }
    }
}
