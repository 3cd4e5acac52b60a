package banger.daemon.lifecycle;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong at one named moment of freezing or restoring, once: the step fails, or the daemon dies there, which
 * then neither goes on nor cleans up.
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
    private volatile @Nullable Moment dying;
    private volatile Runnable death = () -> {};

    void failAt(Moment moment) {
        failing = moment;
    }

    /** @param daemon cuts off everything that the daemon could still do */
    void dieAt(Moment moment, Runnable daemon) {
        dying = moment;
        death = daemon;
    }

    void at(Moment moment) throws IOException {
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
