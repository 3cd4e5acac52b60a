package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import org.jspecify.annotations.Nullable;

/** A VM's process and the session with its agent, as far as there is one now. */
public final class LiveVm {
    private final Machine machine;
    private volatile @Nullable AgentSession session;
    private volatile boolean leaving;

    LiveVm(Machine machine) {
        this.machine = machine;
    }

    LiveVm(Machine machine, AgentSession session) {
        this(machine);
        this.session = session;
    }

    public Machine machine() {
        return machine;
    }

    /** The session, where the agent answers. */
    public @Nullable AgentSession session() {
        AgentSession current = session;
        return current != null && current.isOpen() ? current : null;
    }

    /** Whether its process is about to end with its memory kept, so that nothing is to begin in it. */
    boolean isLeaving() {
        return leaving;
    }

    void leaving(boolean now) {
        leaving = now;
    }

    void session(AgentSession next) {
        session = next;
    }

    void closeSession() {
        AgentSession current = session;
        if (current != null) {
            current.close();
        }
    }
}
