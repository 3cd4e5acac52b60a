package banger.daemon.lifecycle;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong at one named moment of freezing or restoring, once: the step fails, the driver's process is killed,
 * or the daemon dies there, which then neither goes on nor cleans up.
 */
final class Crash {
    enum Moment {
        BEFORE_PAUSE,
        PAUSED,
        MEMORY_WRITTEN,
        DEVICES_WRITTEN,
        BEFORE_RESUME,
        RESUMED
    }

    /** What the dead daemon's thread ends with; nobody catches it. */
    static final class Dead extends Error {
        private static final long serialVersionUID = 1;
    }

    private volatile @Nullable Moment failing;
    private volatile @Nullable Moment killing;
    private volatile @Nullable Moment dying;
    private volatile Runnable death = () -> {};

    void failAt(Moment moment) {
        failing = moment;
    }

    /** The process of the machine that comes there is killed. */
    void killAt(Moment moment) {
        killing = moment;
    }

    /** @param daemon cuts off everything that the daemon could still do */
    void dieAt(Moment moment, Runnable daemon) {
        dying = moment;
        death = daemon;
    }

    /** @param guest whose machine has come there */
    void at(Moment moment, FakeGuest guest) throws IOException {
        if (moment == killing) {
            killing = null;
            guest.end();
            throw new IOException("the machine is gone");
        }
        if (moment == failing) {
            failing = null;
            throw new IOException("failed for the test");
        }
        if (moment == dying) {
            dying = null;
            death.run();
            throw new Dead();
        }
    }
}
