package banger.daemon.ssh;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The key with which the user logs in to guests: one of banger's own, made when first needed, or the user's choice. */
public final class UserKey {
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private final Path file;
    private final boolean own;
    private @Nullable Known known;

    /** What was read of which version of the file; reading a key costs a process. */
    private record Known(@Nullable Object inode, FileTime modified, String publicKey) {}

    /** @param chosen the private key that the settings name, or null: {@code own}, made where it is missing */
    public UserKey(Path own, @Nullable Path chosen) {
        file = chosen == null ? own : chosen;
        this.own = chosen == null;
    }

    public Path file() {
        return file;
    }

    /** Its public half: type and key. @throws Problem where there is none that ssh would take without asking */
    public synchronized String publicKey() {
        if (own && !Files.exists(file)) {
            KeyGenerator.make(file, "banger");
        }
        PosixFileAttributes attributes = attributes();
        requirePrivate(attributes);
        Known last = known;
        if (last == null
                || !attributes.lastModifiedTime().equals(last.modified())
                || !String.valueOf(attributes.fileKey()).equals(String.valueOf(last.inode()))) {
            last = new Known(attributes.fileKey(), attributes.lastModifiedTime(), KeyGenerator.publicOf(file));
            known = last;
        }
        return last.publicKey();
    }

    private PosixFileAttributes attributes() {
        try {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            if (!attributes.isRegularFile() || !Files.isReadable(file)) {
                throw new IOException(attributes.isRegularFile() ? "permission denied" : "not a file");
            }
            return attributes;
        } catch (IOException e) {
            String why = Files.exists(file) ? e.getMessage() : "there is no such file";
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "the SSH key " + file + " cannot be read: " + why,
                    "ssh-keygen -t ed25519 -N '' -f " + file + ", or leave ssh_key_path out of the configuration",
                    e);
        }
    }

    /** As ssh itself does: a key that others can read is no secret. */
    private void requirePrivate(PosixFileAttributes attributes) {
        if (attributes.permissions().stream().anyMatch(OTHERS::contains)) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "the SSH key " + file + " has mode "
                            + PosixFilePermissions.toString(attributes.permissions())
                            + ", so that others than its owner may use it; expected rw-------",
                    "chmod 600 " + file);
        }
    }
}
