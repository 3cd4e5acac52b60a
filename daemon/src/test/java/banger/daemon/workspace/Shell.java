package banger.daemon.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Runs shell text in a folder; it must succeed. Output is bytes, as ISO 8859-1 text. */
final class Shell {
    private static final String IDENTITY =
            "export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a "
                    + "GIT_COMMITTER_EMAIL=a@b LC_ALL=C.UTF-8\n";

    private Shell() {}

    static String run(Path folder, String text) {
        try {
            Process process = new ProcessBuilder("sh", "-euc", IDENTITY + text)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertEquals(0, process.waitFor(), () -> text + "\n" + output);
            return output;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Sets a variable to bytes, any but NUL, whatever the locale of this process. */
    static String set(String variable, String latin1) {
        var octal = new StringBuilder();
        for (byte each : latin1.getBytes(StandardCharsets.ISO_8859_1)) {
            octal.append(String.format("\\%03o", each & 0xff));
        }
        // A command substitution drops line feeds at the end, so something else stands there.
        return variable + "=$(printf '" + octal + ".'); " + variable + "=${" + variable + "%.}; ";
    }
}
