package banger.daemon.workspace;

import banger.daemon.archive.EntryRules;
import banger.daemon.os.PipedProgram;
import banger.daemon.problem.Problem;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The symbolic links that a guest's commits add or change, as host-receive.sh has found them.
 *
 * <p>Git never writes through one, but a checked out link to a file of the host's is there for whatever else writes.
 *
 * @param folder the quarantine
 */
record GuestLinks(Path folder, String guest) {
    /** Linux takes no longer ones. */
    private static final int MAX_TARGET_BYTES = 4096;

    private static final int MAX_LINE_BYTES = 200;

    /** @throws Problem that names the first one that leads out of the repository */
    void refuseOutward() throws IOException {
        List<String> entries = Snapshot.names(Files.readAllBytes(folder.resolve("links")));
        List<String> argv = List.of("sh", "-c", "exec git cat-file --batch <link-ids");
        try (PipedProgram git = PipedProgram.start(folder, argv)) {
            InputStream targets = new BufferedInputStream(git.stdout());
            for (int i = 1; i < entries.size(); i += 2) {
                check(entries.get(i), targets);
            }
        }
    }

    private void check(String name, InputStream targets) throws IOException {
        // An id, a kind, a size; then as many bytes and a line feed.
        String[] header = line(targets).split(" ");
        long size = header.length == 3 ? Long.parseLong(header[2]) : Long.MAX_VALUE;
        if (size > MAX_TARGET_BYTES) {
            throw refused(name, "is a symbolic link to more than " + MAX_TARGET_BYTES + " bytes", null);
        }
        String target = new String(targets.readNBytes((int) size), StandardCharsets.ISO_8859_1);
        targets.skipNBytes(1);
        if (EntryRules.leadsOutside(target, name.split("/").length - 1)) {
            throw refused(
                    name,
                    "is a symbolic link to \"" + GuestWork.readable(target) + "\", outside of the repository",
                    "--keep-links, to take such links as they are");
        }
    }

    private Problem refused(String name, String why, @org.jspecify.annotations.Nullable String hint) {
        return new Problem(
                Problem.Kind.FAILED,
                "what " + guest + " sent is refused: \"" + GuestWork.readable(name) + "\" " + why,
                hint);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(MAX_LINE_BYTES);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() >= MAX_LINE_BYTES) {
                throw new IOException("git does not say what a symbolic link points to");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
