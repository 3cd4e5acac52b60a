package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A folder of files that belong to many owners, which only the root of a namespace can make and change. */
public final class OwnedTree {
    private static final Duration REMOVAL_BOUND = Duration.ofMinutes(5);
    private static final Duration END_BOUND = Duration.ofMinutes(10);
    private static final Duration LOOK_FOR_CANCELLATION = Duration.ofMillis(100);
    private static final int PIPE_BYTES = 1 << 16;
    private static final int MAX_ERROR_BYTES = 1 << 16;
    private static final int MAX_ARGUMENTS_BYTES = 64 << 10;

    private OwnedTree() {}

    /** Removes paths below the folder, which lead through no link. */
    public static void remove(RootNamespace namespace, Path folder, List<String> paths, BooleanSupplier cancelled) {
        int from = 0;
        while (from < paths.size()) {
            var argv = new java.util.ArrayList<>(List.of("rm", "-rf", "--one-file-system", "--"));
            int bytes = 0;
            while (from < paths.size() && bytes < MAX_ARGUMENTS_BYTES) {
                String path = paths.get(from++);
                bytes += path.length() + 1;
                argv.add("./" + path);
            }
            namespace
                    .enter(Command.of(argv).in(folder).within(REMOVAL_BOUND).until(cancelled))
                    .succeed();
        }
    }

    /** Begins to unpack an archive, which is written to {@link Unpacking#archive()}, into the folder. */
    public static Unpacking unpack(RootNamespace namespace, Path folder) {
        // The archive is our own and its names are safe: tar need not put links aside until the end.
        Command tar = namespace.enter(Command.of(
                "tar",
                "--extract",
                "--file=-",
                "--absolute-names",
                "--numeric-owner",
                "--same-owner",
                "--preserve-permissions",
                "--delay-directory-restore",
                "--xattrs",
                "--xattrs-include=user.*",
                "--xattrs-include=security.capability",
                "--warning=no-timestamp"));
        return new Unpacking(folder, tar.argv());
    }

    /** Nobody takes the archive any more. */
    public static final class Stopped extends IOException {
        Stopped(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Tells failures to write from those to read what is to be written. */
    private static final class Pipe extends FilterOutputStream {
        Pipe(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw new Stopped(e);
            }
        }
    }

    /** A tar at work; closing it ends it. */
    public static final class Unpacking implements AutoCloseable {
        private final PipedProgram program;
        private final OutputStream archive;
        private final Thread reader;
        private final StringBuffer said = new StringBuffer();

        private Unpacking(Path folder, List<String> argv) {
            program = PipedProgram.start(folder, argv);
            archive = new BufferedOutputStream(new Pipe(program.stdin()), PIPE_BYTES);
            reader = Thread.ofVirtual().name("tar stderr").start(this::readErrors);
        }

        /** Takes the archive; to be closed at its end. Throws {@link Stopped} where tar has given up. */
        public OutputStream archive() {
            return archive;
        }

        /** Waits until all is unpacked. @throws Problem with what tar says */
        public void await(BooleanSupplier cancelled) {
            try {
                archive.close();
                long end = System.nanoTime() + END_BOUND.toNanos();
                while (!program.waitFor(LOOK_FOR_CANCELLATION)) {
                    if (cancelled.getAsBoolean()) {
                        throw new Problem(Problem.Kind.CANCELLED, "unpacking was cancelled");
                    }
                    if (System.nanoTime() > end) {
                        throw new Problem(
                                Problem.Kind.TIMEOUT, "tar did not end within " + END_BOUND.toMinutes() + " minutes");
                    }
                }
            } catch (IOException e) {
                throw failure().orElseThrow(() -> DiskFull.orFailed(e, "unpacking"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem(Problem.Kind.CANCELLED, "unpacking was interrupted", null, e);
            }
            failure().ifPresent(problem -> {
                throw problem;
            });
        }

        /** Why tar has given up, where it has. */
        public Optional<Problem> failure() {
            try {
                if (!program.waitFor(LOOK_FOR_CANCELLATION) || program.waitFor() == 0) {
                    return Optional.empty();
                }
                reader.join(LOOK_FOR_CANCELLATION);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
            if (DiskFull.isSaidBy(said.toString())) {
                return Optional.of(DiskFull.problem("unpacking"));
            }
            String first = said.toString().lines().findFirst().orElse("it said nothing");
            return Optional.of(new Problem(Problem.Kind.FAILED, "unpacking failed: " + first));
        }

        @Override
        public void close() {
            program.close();
            try {
                reader.join(TimeUnit.SECONDS.toMillis(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void readErrors() {
            try (InputStream errors = program.stderr()) {
                byte[] part = new byte[4096];
                int read;
                while ((read = errors.read(part)) >= 0) {
                    if (said.length() < MAX_ERROR_BYTES) {
                        said.append(new String(part, 0, read, StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException e) {
                // It was closed.
            }
        }
    }
}
