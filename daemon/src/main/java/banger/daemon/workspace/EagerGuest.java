package banger.daemon.workspace;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A guest in which one program is started before anybody asks for it: it comes up while the host is busy with what it
 * will be fed. Used by one thread.
 */
final class EagerGuest implements Guest, AutoCloseable {
    private final Guest guest;
    private final List<String> argv;
    private final FutureTask<Program> begun;
    private boolean taken;

    private EagerGuest(Guest guest, List<String> argv, boolean begin) {
        this.guest = guest;
        this.argv = argv;
        begun = new FutureTask<>(() -> guest.start(argv));
        taken = !begin;
        if (begin) {
            Thread.ofVirtual().name("eager-guest").start(begun);
        }
    }

    /** Starts that program now; whoever starts the same one afterwards gets it. */
    static EagerGuest starting(Guest guest, List<String> argv) {
        return new EagerGuest(guest, argv, true);
    }

    /** Starts nothing by itself. */
    static EagerGuest idle(Guest guest) {
        return new EagerGuest(guest, List.of(), false);
    }

    @Override
    public String name() {
        return guest.name();
    }

    @Override
    public boolean isEnding() {
        return guest.isEnding();
    }

    @Override
    public Program start(List<String> line) throws IOException {
        if (taken || !line.equals(argv)) {
            return guest.start(line);
        }
        taken = true;
        return await();
    }

    /** Ends the program where nobody has taken it. */
    @Override
    public void close() {
        if (taken) {
            return;
        }
        taken = true;
        try {
            await().close();
        } catch (IOException e) {
            // It never ran, which is as good.
        }
    }

    private Program await() throws IOException {
        try {
            return begun.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a program was started", e);
        }
    }
}
