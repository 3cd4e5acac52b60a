package banger.daemon.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells when processes end, children of ours or not: one thread waits for all of them, by pidfd_open(2) and epoll(7).
 * {@link ProcessHandle#onExit} looks again and again with a thread for each.
 */
final class ProcessEnds {
    private static final System.Logger LOG = System.getLogger(ProcessEnds.class.getName());
    private static final int MAX_EVENTS = 16;

    private final int epoll;
    /** By the descriptor that becomes readable at the end. */
    private final Map<Integer, CompletableFuture<Void>> awaited = new ConcurrentHashMap<>();

    private ProcessEnds() throws IOException {
        epoll = Epoll.create();
        Thread.ofPlatform().daemon().name("process-ends").start(this::watch);
    }

    private static final class OfThisHost {
        static final @Nullable ProcessEnds WATCH = open();

        private static @Nullable ProcessEnds open() {
            try {
                return new ProcessEnds();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "ends of processes are looked for: {0}", e.getMessage());
                return null;
            }
        }
    }

    /** Completed when the process has ended, on a thread of its own. */
    static CompletableFuture<Void> of(HostProcess process) {
        ProcessEnds watch = OfThisHost.WATCH;
        try {
            if (watch != null) {
                return watch.end(process);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "process {0} is looked for: {1}", process.pid(), e.getMessage());
        }
        return ProcessHandle.of(process.pid())
                .filter(handle -> process.isAlive())
                .<CompletableFuture<Void>>map(handle -> handle.onExit().thenApply(ended -> null))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private CompletableFuture<Void> end(HostProcess process) throws IOException {
        int pidfd = Epoll.processEnd(process.pid());
        // The number may be another process's by now.
        if (!process.isAlive()) {
            Libc.close(pidfd);
            return CompletableFuture.completedFuture(null);
        }
        var ended = new CompletableFuture<Void>();
        awaited.put(pidfd, ended);
        try {
            Epoll.add(epoll, pidfd);
        } catch (IOException e) {
            awaited.remove(pidfd);
            Libc.close(pidfd);
            throw e;
        }
        return ended;
    }

    private void watch() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate((long) MAX_EVENTS * Epoll.EVENT_BYTES);
            while (true) {
                int count = Epoll.await(epoll, events, MAX_EVENTS);
                for (int at = 0; at < count; at++) {
                    ended(Epoll.descriptor(events, at));
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "ends of processes are no longer seen", e);
        }
    }

    private void ended(int pidfd) throws IOException {
        CompletableFuture<Void> waiting = awaited.remove(pidfd);
        if (waiting == null) {
            return;
        }
        // A child that is just being started has the descriptor too: closing ours alone would not end the wait, and its
        // number may soon be another file's.
        Epoll.remove(epoll, pidfd);
        Libc.close(pidfd);
        Thread.ofVirtual().name("process-ended").start(() -> waiting.complete(null));
    }
}
