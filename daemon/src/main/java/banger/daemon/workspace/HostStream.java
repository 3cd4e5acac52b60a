package banger.daemon.workspace;

import banger.daemon.os.PipedProgram;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/** A host program whose output goes elsewhere as it comes. */
final class HostStream {
    private static final int BUFFER_BYTES = 65_536;
    private static final int MAX_ERROR_BYTES = 4096;

    private HostStream() {}

    /**
     * Runs it with its output into that stream, which stays open.
     *
     * @param moved told how many bytes have come each time
     * @param worst the highest exit status that is no failure
     * @throws Problem FAILED with what the program said, in sentences that begin with {@code doing}
     */
    static void copy(List<String> argv, OutputStream to, LongConsumer moved, int worst, String doing)
            throws IOException {
        try (PipedProgram program = PipedProgram.start(Path.of("/"), argv)) {
            program.stdin().close();
            var said = new StringBuffer();
            Thread listener = listen(program.stderr(), said);
            pump(program.stdout(), to, moved);
            int status = program.waitFor();
            listener.join();
            if (status > worst) {
                throw new Problem(
                        Problem.Kind.FAILED,
                        doing + " failed: " + said.toString().strip(),
                        "try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, doing + " was interrupted");
        }
    }

    /** Passes on what comes, each piece at once, as the other side may wait for it before it answers. */
    static void pump(InputStream from, OutputStream to, LongConsumer moved) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            to.write(buffer, 0, read);
            to.flush();
            moved.accept(read);
        }
    }

    static Thread listen(InputStream errors, StringBuffer said) {
        return Thread.ofPlatform().daemon().name("host-stderr").start(() -> {
            try (errors) {
                said.append(new String(errors.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8));
                errors.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // It was ended while it spoke.
            }
        });
    }
}
