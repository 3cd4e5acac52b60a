package banger.daemon.workspace;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** Where a workspace lives: a place whose programs the host can run and feed. */
public interface Guest {
    /** What messages call it, such as {@code vm beta}. */
    String name();

    /** Whether it is being stopped or deleted, so that its programs end for that. */
    boolean isEnding();

    /** Starts a program as root, in root's home. @throws IOException where it cannot be started */
    Program start(List<String> argv) throws IOException;

    /** A program that runs; both outputs must be read. Any thread may close it, which ends the others' waits. */
    interface Program extends AutoCloseable {
        OutputStream stdin();

        InputStream stdout();

        InputStream stderr();

        /** Its exit status; 128 and the number of a signal that ended it. */
        int waitFor(Duration bound) throws IOException;

        @Override
        void close();
    }
}
