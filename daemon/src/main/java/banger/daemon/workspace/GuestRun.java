package banger.daemon.workspace;

import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One script run in a guest and fed by the host. What the guest says is bounded; a run in which nothing moves for a
 * long time, or that is cancelled, is given up.
 */
final class GuestRun {
    /** Writes what the script reads; may throw a {@link Problem} of the host's, which gives the run up. */
    interface Feed {
        void to(OutputStream guest) throws IOException;
    }

    /** Takes what the script writes, while it is fed. */
    interface Sink {
        void from(InputStream guest) throws IOException;
    }

    /** How it ended. @param output what a run without a sink wrote @param errors the end of what it said */
    record Outcome(int status, byte[] output, String errors) {}

    static final Feed NOTHING = out -> {};
    private static final int MAX_OUTPUT_BYTES = 16 << 20;
    private static final int MAX_ERROR_BYTES = 16_384;
    private static final Duration STALL_BOUND = Duration.ofMinutes(10);
    private static final Duration END_BOUND = Duration.ofMinutes(30);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Guest guest;
    private final Progress progress;
    private final AtomicLong moved = new AtomicLong();
    private volatile @Nullable Problem abandoned;
    private volatile boolean over;

    private GuestRun(Guest guest, Progress progress) {
        this.guest = guest;
        this.progress = progress;
    }

    /** Runs it and returns its end, whatever its status. @throws Problem where the guest is lost or the work cancelled */
    static Outcome run(Guest guest, Script script, List<String> arguments, Feed feed, Progress progress) {
        return new GuestRun(guest, progress).run(script, arguments, feed, null);
    }

    /** The same with a sink for its output. */
    static Outcome run(Guest guest, Script script, List<String> arguments, Feed feed, Sink sink, Progress progress) {
        return new GuestRun(guest, progress).run(script, arguments, feed, sink);
    }

    private Outcome run(Script script, List<String> arguments, Feed feed, @Nullable Sink sink) {
        progress.checkCancelled();
        try (Guest.Program program = guest.start(script.argv(arguments))) {
            var output = new ByteArrayOutputStream();
            var errors = new ByteArrayOutputStream();
            Sink taker = sink == null ? in -> keep(in, output, MAX_OUTPUT_BYTES, program) : sink;
            Thread reader = take(script.name() + "-stdout", program, program.stdout(), taker);
            Thread listener = take(
                    script.name() + "-stderr",
                    program,
                    program.stderr(),
                    in -> keep(in, errors, MAX_ERROR_BYTES, null));
            Thread.ofVirtual().name(script.name() + "-watch").start(() -> watch(program));
            feed(feed, program);
            int status = program.waitFor(END_BOUND);
            reader.join();
            listener.join();
            rethrow();
            if (status != 0 && guest.isEnding()) {
                throw new Problem(
                        Problem.Kind.FAILED,
                        guest.name() + " was lost during the transfer: it is being stopped or deleted");
            }
            return new Outcome(
                    status,
                    output.toByteArray(),
                    errors.toString(StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            rethrow();
            throw new Problem(
                    Problem.Kind.FAILED, guest.name() + " was lost during the transfer: " + e.getMessage(), null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, "the transfer was interrupted");
        } finally {
            over = true;
        }
    }

    private void feed(Feed feed, Guest.Program program) {
        try (OutputStream counted = new Counted(program.stdin())) {
            feed.to(counted);
        } catch (IOException e) {
            // The script has ended before it read everything; its status tells why.
        } catch (Problem e) {
            abandon(program, e);
        }
    }

    private Thread take(String name, Guest.Program program, InputStream from, Sink sink) {
        // A sink may write into a host program's pipe, which would hold a virtual thread's carrier.
        return Thread.ofPlatform().daemon().name(name).start(() -> {
            try (from) {
                sink.from(new CountedInput(from, moved));
            } catch (IOException e) {
                // The stream broke, which waiting for the end reports as well.
            } catch (Problem e) {
                abandon(program, e);
            }
        });
    }

    private void keep(InputStream from, ByteArrayOutputStream kept, int bound, Guest.@Nullable Program strict)
            throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            if (kept.size() + read > bound) {
                if (strict != null) {
                    throw new Problem(
                            Problem.Kind.FAILED, guest.name() + " answers with more than " + bound + " bytes");
                }
                kept.reset();
            }
            kept.write(buffer, 0, read);
        }
    }

    private void watch(Guest.Program program) {
        long seen = -1;
        long since = System.nanoTime();
        try {
            while (!over) {
                Thread.sleep(LOOK);
                if (moved.get() != seen) {
                    seen = moved.get();
                    since = System.nanoTime();
                }
                if (progress.cancelled()) {
                    abandon(program, new Problem(Problem.Kind.CANCELLED, "cancelled"));
                    return;
                }
                if (System.nanoTime() - since > STALL_BOUND.toNanos()) {
                    abandon(
                            program,
                            new Problem(
                                    Problem.Kind.TIMEOUT,
                                    guest.name() + " has moved nothing for " + STALL_BOUND.toMinutes() + " minutes"));
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void abandon(Guest.Program program, Problem reason) {
        if (abandoned == null) {
            abandoned = reason;
        }
        program.close();
    }

    private void rethrow() {
        Problem reason = abandoned;
        if (reason != null) {
            throw reason;
        }
    }

    private final class Counted extends FilterOutputStream {
        Counted(OutputStream to) {
            super(to);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            moved.addAndGet(length);
        }
    }
}
