package banger.daemon.seed;

import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.ext4.Tree;
import banger.daemon.os.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The line of {@code .ssh/authorized_keys} in a seed that lets the user in. Lines that the image has itself stay.
 *
 * @param key a public key as ssh writes it, or "": nobody is let in
 */
record Access(String key) {
    private static final String MARK = " banger";
    private static final String FOLDER = ".ssh";
    private static final String FILE = FOLDER + "/authorized_keys";
    private static final long MAX_BYTES = 1 << 20;

    /** Puts the line into the file system, in the place of one that was put there before. */
    void bake(Path seed, Path scratch) throws IOException {
        boolean hasFolder;
        boolean hasFile = false;
        List<String> before = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        try (Ext4Volume volume = Ext4Volume.open(seed)) {
            Entry folder = Tree.read(volume).at(FOLDER);
            hasFolder = folder != null;
            Entry file = folder == null ? null : folder.at("authorized_keys");
            if ((folder != null && !folder.isFolder()) || (file != null && !file.isFile())) {
                // The image has something of its own there; guests are given the key at each boot as well.
                return;
            }
            if (file != null) {
                hasFile = true;
                new String(Tree.content(file, MAX_BYTES), StandardCharsets.ISO_8859_1)
                        .lines()
                        .forEach(before::add);
                before.stream().filter(line -> !line.endsWith(MARK)).forEach(lines::add);
            }
        }
        if (!key.isEmpty()) {
            lines.add(key + MARK);
        }
        if (lines.equals(before)) {
            return;
        }
        write(seed, scratch, hasFolder, hasFile, lines);
    }

    private static void write(Path seed, Path scratch, boolean hasFolder, boolean hasFile, List<String> lines)
            throws IOException {
        List<String> script = new ArrayList<>();
        if (!hasFolder) {
            script.add("mkdir " + FOLDER);
            script.addAll(attributes(FOLDER, "040700"));
        }
        if (hasFile) {
            script.add("rm " + FILE);
        }
        if (!lines.isEmpty()) {
            Path text = scratch.resolve("authorized_keys");
            Files.write(text, lines, StandardCharsets.ISO_8859_1);
            script.add("write " + text + " " + FILE);
            script.addAll(attributes(FILE, "0100600"));
        }
        Path commands = Files.write(scratch.resolve("access.debugfs"), script);
        Command.of("debugfs", "-w", "-f", commands.toString(), seed.toString())
                // A fixed clock: the same seed with the same key has the same bytes.
                .with("E2FSPROGS_FAKE_TIME", "1")
                .with("SOURCE_DATE_EPOCH", "1")
                .succeed();
        // debugfs says what failed and goes on; this is where it shows.
        Command.of("e2fsck", "-fn", seed.toString()).succeed();
    }

    private static List<String> attributes(String path, String mode) {
        return List.of(
                "sif " + path + " mode " + mode,
                "sif " + path + " uid 0",
                "sif " + path + " gid 0",
                "sif " + path + " mtime @1",
                "sif " + path + " ctime @1",
                "sif " + path + " atime @1");
    }
}
