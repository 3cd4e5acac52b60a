package banger.daemon.ssh;

import banger.daemon.os.Command;
import banger.daemon.os.Commands;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes and reads SSH keys with the host's ssh-keygen. */
final class KeyGenerator {
    /** The type and the key; what follows is a comment. */
    private static final Pattern PUBLIC = Pattern.compile("([a-z0-9@.-]+ [A-Za-z0-9+/]+=*)(?: .*)?\\s*");

    private KeyGenerator() {}

    /** Makes an Ed25519 key pair without a passphrase: {@code file}, mode 0600, and {@code file.pub}. */
    static void make(Path file, String comment) {
        try {
            Path aside = Files.createTempDirectory(file.toAbsolutePath().getParent(), ".new-key");
            try {
                Path made = aside.resolve("key");
                Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", made.toString())
                        .succeed();
                // The private half comes last: where it is there, the key is whole.
                Files.move(publicHalf(made), publicHalf(file), StandardCopyOption.REPLACE_EXISTING);
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(publicHalf(aside.resolve("key")));
                Files.deleteIfExists(aside.resolve("key"));
                Files.delete(aside);
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot make the key " + file + ": " + e.getMessage(), null, e);
        }
    }

    static Path publicHalf(Path file) {
        return file.resolveSibling(file.getFileName() + ".pub");
    }

    /** The public half of that private key: its type and the key. @throws Problem that says why it cannot be used */
    static String publicOf(Path file) {
        Commands.Result result =
                Command.of("ssh-keygen", "-y", "-P", "", "-f", file.toString()).run();
        if (result.status() == 0) {
            return plain(file, result.output());
        }
        if (result.errors().contains("passphrase")) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "the key " + file + " has a passphrase, which nobody is there to type",
                    "ssh-keygen -p -f " + file + ", or another ssh_key_path");
        }
        throw new Problem(
                Problem.Kind.INVALID_ARGUMENT,
                file + " is not a private key that ssh-keygen can read: "
                        + result.errors().strip(),
                "set ssh_key_path to a private key in the configuration, or leave it out");
    }

    /** The type and the key of a public half's text, without its comment. */
    static String plain(Path file, String text) {
        Matcher matcher = PUBLIC.matcher(text);
        if (!matcher.matches()) {
            throw new Problem(Problem.Kind.FAILED, "the public half of " + file + " is not a key");
        }
        return matcher.group(1);
    }
}
