package banger.cli.ssh;

import banger.cli.session.CliFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;

/**
 * The user's ssh configuration, into which banger puts one line at the top, and from which it takes that line only.
 *
 * <p>The rest is bytes that nobody here reads further than to find lines, so whatever the user wrote stays as it is. The
 * file is replaced as a whole, in the place that a symbolic link names, with the mode and the owner that it had.
 */
public final class UserSshConfig {
    private static final long MOST_BYTES = 16 << 20;

    private final Path file;
    private final String line;

    /** @param included the configuration that banger keeps */
    public UserSshConfig(Path file, Path included) {
        this.file = file;
        String path = included.toString();
        boolean plain = path.chars().allMatch(c -> c > ' ' && c != '"' && c != '\\' && c != '#' && c != '\'');
        line = "Include " + (plain ? path : '"' + path.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    public Path file() {
        return file;
    }

    /** Puts the line in. @return false where it is there already, above any host */
    public boolean install() {
        try {
            byte[] before = read();
            if (isInstalled(before)) {
                return false;
            }
            write(before, joined((line + "\n").getBytes(StandardCharsets.UTF_8), before));
            return true;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Takes the line out, wherever it stands. @return false where there is none */
    public boolean remove() {
        try {
            byte[] before = read();
            ByteArrayOutputStream kept = new ByteArrayOutputStream(before.length);
            for (int at = 0; at < before.length; ) {
                int end = endOfLine(before, at);
                if (!isOurs(before, at, end)) {
                    kept.write(before, at, end - at);
                }
                at = end;
            }
            if (kept.size() == before.length) {
                return false;
            }
            write(before, kept.toByteArray());
            return true;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Below a Host or a Match an Include holds for that one only. */
    private boolean isInstalled(byte[] text) {
        for (int at = 0; at < text.length; at = endOfLine(text, at)) {
            int end = endOfLine(text, at);
            if (isOurs(text, at, end)) {
                return true;
            }
            String word = new String(text, at, end - at, StandardCharsets.ISO_8859_1)
                    .strip()
                    .toLowerCase(Locale.ROOT);
            if (word.matches("(host|match)([\\s=].*)?")) {
                return false;
            }
        }
        return false;
    }

    private boolean isOurs(byte[] text, int begin, int end) {
        byte[] ours = line.getBytes(StandardCharsets.UTF_8);
        int stop = end > begin && text[end - 1] == '\n' ? end - 1 : end;
        return Arrays.equals(text, begin, stop, ours, 0, ours.length);
    }

    private static int endOfLine(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, text.length);
    }

    private byte[] read() throws IOException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("it has more than " + MOST_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(file)) {
                throw new CliFailure(
                        file + " is a symbolic link to " + Files.readSymbolicLink(file) + ", which is not there",
                        "make that file, or remove the link");
            }
            return new byte[0];
        }
    }

    private void write(byte[] before, byte[] after) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.exists(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        boolean exists = Files.exists(file);
        Path place = exists ? file.toRealPath() : file.toAbsolutePath();
        // Made with mode 0600, which is also right for a file that is new.
        Path made = Files.createTempFile(place.getParent(), ".banger-", "");
        try {
            Files.write(made, after);
            if (exists) {
                copyOwnership(place, made);
            }
            try (var channel = java.nio.channels.FileChannel.open(made)) {
                channel.force(true);
            }
            if (!Arrays.equals(before, read())) {
                throw new IOException("somebody else changed it just now");
            }
            Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private static void copyOwnership(Path from, Path to) throws IOException {
        PosixFileAttributes old = Files.readAttributes(from, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        PosixFileAttributes made = view.readAttributes();
        if (!made.owner().equals(old.owner())) {
            view.setOwner(old.owner());
        }
        if (!made.group().equals(old.group())) {
            view.setGroup(old.group());
        }
        view.setPermissions(old.permissions());
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private CliFailure failure(IOException cause) {
        return new CliFailure(
                file + " is left as it was: " + cause.getMessage(),
                "with an editor: the line " + line + " belongs at its top");
    }
}
