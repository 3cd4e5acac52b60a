package banger.daemon.copy;

import banger.daemon.archive.ArchiveException;
import banger.daemon.archive.TarEntry;
import banger.daemon.guest.GuestProcess;
import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import banger.daemon.vm.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One copy under way: what has gone by, what the guest's side said, and the watch that ends it when nobody wants it any
 * more or nothing has moved for too long.
 */
final class Transfer implements Counter, AutoCloseable {
    static final Duration START_BOUND = Duration.ofSeconds(60);
    /** After the last byte: unpacking may still be under way. */
    static final Duration END_BOUND = Duration.ofMinutes(10);

    private static final Duration STALL_BOUND = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int MAX_SAID_BYTES = 8192;

    private final Progress progress;
    private final String doing;
    private final GuestProcess guest;
    private final @Nullable Long total;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final StringBuffer said = new StringBuffer();
    private final Thread listener;
    private final Thread watch;
    private volatile @Nullable Problem endedBy;

    /** @param doing what is being done, for a person @param total the content's bytes, where they are known */
    Transfer(Progress progress, String doing, GuestProcess guest, @Nullable Long total) {
        progress.stage("copy", doing);
        this.progress = progress;
        this.doing = doing;
        this.guest = guest;
        this.total = total;
        listener = Thread.ofVirtual().name("copy-stderr").start(() -> listen(guest.stderr()));
        watch = Thread.ofVirtual().name("copy-watch").start(this::watch);
    }

    @Override
    public void entry(TarEntry entry) {
        if (entry.kind() != TarEntry.Kind.FOLDER) {
            progress.text(doing + ", " + counted(files.incrementAndGet()));
        }
    }

    @Override
    public void bytes(long count) {
        progress.progress(bytes.addAndGet(count), total, "bytes");
    }

    /** Waits for the guest's command, which must succeed. */
    void requireSuccess() throws IOException {
        int status = guest.waitFor(END_BOUND);
        if (status != 0) {
            throw new IOException("it failed with status " + status);
        }
    }

    /** What is to be told of a failure: that it was cancelled, what the guest's side said, or else what broke. */
    Problem failure(String what, IOException cause) {
        Problem reason = endedBy;
        if (reason != null) {
            return reason;
        }
        guest.close();
        try {
            listener.join(START_BOUND);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String words = said.toString().replaceAll("\\p{Cntrl}+", " ").strip();
        if (cause instanceof ArchiveException refusal) {
            return new Problem(Problem.Kind.FAILED, what + ": " + refusal.getMessage(), refusal.hint(), cause);
        }
        return new Problem(
                Problem.Kind.FAILED, what + ": " + (words.isEmpty() ? cause.getMessage() : words), null, cause);
    }

    /** What went by, for a person. */
    String summary() {
        return counted(files.get()) + ", " + ByteSize.format(bytes.get());
    }

    private static String counted(long files) {
        return String.format(Locale.ROOT, "%,d", files) + (files == 1 ? " file" : " files");
    }

    @Override
    public void close() {
        watch.interrupt();
        guest.close();
    }

    private void listen(InputStream stderr) {
        byte[] buffer = new byte[MAX_SAID_BYTES];
        try {
            for (int count = stderr.read(buffer); count >= 0; count = stderr.read(buffer)) {
                // All is read, as both outputs share one credit; the beginning is kept.
                if (said.length() < MAX_SAID_BYTES) {
                    said.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            // The stream broke; whoever moves the archive finds that too, and tells.
        }
    }

    private void watch() {
        long last = -1;
        long lastMoved = System.nanoTime();
        try {
            while (true) {
                Thread.sleep(LOOK);
                long now = bytes.get() + files.get();
                if (now != last) {
                    last = now;
                    lastMoved = System.nanoTime();
                }
                if (progress.cancelled()) {
                    end(new Problem(Problem.Kind.CANCELLED, "cancelled; nothing was copied"));
                } else if (System.nanoTime() - lastMoved > STALL_BOUND.toNanos()) {
                    end(new Problem(
                            Problem.Kind.TIMEOUT,
                            "nothing has moved for " + STALL_BOUND.toMinutes() + " minutes; given up"));
                }
            }
        } catch (InterruptedException e) {
            // The copy is over.
        }
    }

    private void end(Problem reason) {
        if (endedBy == null) {
            endedBy = reason;
            guest.close();
        }
    }
}
