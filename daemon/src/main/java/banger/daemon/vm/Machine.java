package banger.daemon.vm;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A VMM process that a driver started or found again. Safe for any number of threads. */
public interface Machine {
    Runtime runtime();

    /** A new connection to the agent's stream; closing it is the caller's. An earlier one is dead then. */
    ByteChannel connectAgent(Duration bound) throws IOException;

    boolean isAlive();

    /** Completes when the process has ended, however that came about. */
    CompletableFuture<Void> exited();

    /**
     * Ends the process at once and waits for its end; idempotent. What it leaves on disk is as after a power cut.
     *
     * @throws Problem where it lives on, as one does that waits in the kernel; all that it has stays its own then
     */
    void kill();

    /**
     * Pauses the guest and writes its memory and its devices' state to those files, which must not exist. Its disks are
     * as the guest has written them then, and stay so until {@link #resume} or {@link #kill}.
     *
     * @throws IOException where it cannot; the guest may be paused, the files half made
     */
    default void freeze(FrozenMachine to) throws IOException {
        throw new IOException("driver " + runtime().driver() + " freezes no machines");
    }

    /**
     * The same for machines that are restored right away, on this host: the memory may be a link to the file that this
     * machine was itself restored from, with what differs in the changes.
     */
    default void freezeForCopies(FrozenMachine to) throws IOException {
        freeze(to);
    }

    /** Lets a guest go on that was restored or paused; idempotent. */
    default void resume() throws IOException {
        throw new IOException("driver " + runtime().driver() + " freezes no machines");
    }

    /** Tells the guest that a disk has become longer. */
    default void resizeDisk(String id, long bytes) throws IOException {
        throw new IOException("driver " + runtime().driver() + " cannot resize the disk of a running machine");
    }

    /** Whether {@link #cover} is possible. */
    default boolean takesOverlays() {
        return false;
    }

    /**
     * Has what a paused guest writes to the disk go to that overlay from here on, which is empty and lies on the file that
     * the disk is now; that file is never written again. @throws IOException after which it may be either
     */
    default void cover(String disk, Path overlay) throws IOException {
        throw new IOException("driver " + runtime().driver() + " has no overlays");
    }

    /** Whether that file is what the guest's writes to the disk go to. */
    default boolean isOn(String disk, Path file) throws IOException {
        return true;
    }

    /** CPU time in milliseconds and resident bytes of the process; zeros once it is gone. */
    Usage usage();

    /** The last words of the VMM and of the guest's console, for a message; may be empty. */
    String lastWords();

    /** What the process uses. */
    record Usage(long cpuMillis, long residentBytes) {}
}
