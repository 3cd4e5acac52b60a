package banger.daemon.copy;

import banger.daemon.os.PipedProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What the host's tar says on stderr while it works, and how it ends. */
final class HostWords {
    private static final int MAX_BYTES = 4096;
    /** GNU tar: a file changed while it was read. */
    private static final int CHANGED = 1;

    private final PipedProgram tar;
    private final StringBuffer said = new StringBuffer();
    private final Thread listener;

    HostWords(PipedProgram tar) {
        this.tar = tar;
        listener = Thread.ofVirtual().name("host-tar-stderr").start(() -> listen(tar.stderr()));
    }

    /** What broke: what tar says where it has said something, else what was found. */
    IOException or(IOException found) {
        tar.close();
        join();
        String words = words();
        return words.isEmpty() ? found : new IOException(words, found);
    }

    /** Waits for its end. @throws IOException with its words where it failed */
    void requireSuccess() throws IOException {
        try {
            int status = tar.waitFor();
            join();
            if (status > CHANGED) {
                throw new IOException(words().isEmpty() ? "tar failed with status " + status : words());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private String words() {
        return said.toString().replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private void join() {
        try {
            listener.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(InputStream stderr) {
        byte[] buffer = new byte[MAX_BYTES];
        try {
            for (int count = stderr.read(buffer); count >= 0; count = stderr.read(buffer)) {
                if (said.length() < MAX_BYTES) {
                    said.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            // It has ended; what it said is there.
        }
    }
}
