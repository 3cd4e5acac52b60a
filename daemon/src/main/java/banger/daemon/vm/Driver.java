package banger.daemon.vm;

import banger.daemon.problem.Problem;
import java.util.Optional;
import java.util.UUID;

/**
 * What runs VMs: one VMM process for each, in a session of its own, so that it outlives the daemon.
 *
 * <p>Safe for any number of threads; calls for the same VM come one at a time.
 */
public interface Driver {
    /** Its name in configuration and records, such as {@code "qemu"}. */
    String name();

    /** How it runs guests here, for a person: the program, its accelerator. */
    String description();

    /** What a frozen machine depends on: two machines of different fingerprints cannot be restored from each other. */
    default String fingerprint() {
        return name();
    }

    DriverCapabilities capabilities();

    /** @throws Problem where it cannot run a VM of that shape, as far as that shows before there is one */
    default void require(VmSpec spec) {
        capabilities().require(name(), spec);
    }

    /** What will run a VM of that shape: itself, or one of several. @throws Problem as {@link #require} */
    default Driver choose(VmSpec spec) {
        return this;
    }

    /** Chooses the host ports that the plan leaves open. */
    MachinePlan complete(MachinePlan plan);

    /**
     * Starts the machine; returns as soon as its process runs and takes the agent's stream. One that goes on from a
     * frozen machine is paused, until {@link Machine#resume}.
     *
     * @throws Problem where it cannot be started; then no process and no socket is left
     */
    Machine start(MachinePlan plan);

    /** The machine that an earlier daemon started, where its process still lives. */
    Optional<Machine> attach(UUID vm, Runtime runtime);

    /** Ends whatever process was begun for that VM without its runtime being recorded; idempotent. */
    void sweep(UUID vm);
}
