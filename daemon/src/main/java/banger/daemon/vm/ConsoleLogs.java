package banger.daemon.vm;

import banger.daemon.os.BoundedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;

/** Keeps the console logs of running VMs below a bound, looking at them now and then. */
public final class ConsoleLogs {
    private static final System.Logger LOG = System.getLogger(ConsoleLogs.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final LiveVms live;
    private final Function<UUID, Path> file;
    private final long boundBytes;

    public ConsoleLogs(LiveVms live, Function<UUID, Path> file, long boundBytes) {
        this.live = live;
        this.file = file;
        this.boundBytes = boundBytes;
    }

    /** Looks from here on, in a thread of its own, as long as the process lives. */
    public void start() {
        Thread.ofVirtual().name("console-logs").start(() -> {
            while (true) {
                live.ids().forEach(this::trim);
                try {
                    Thread.sleep(INTERVAL);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    private void trim(UUID vm) {
        try {
            BoundedLog.trim(file.apply(vm), boundBytes);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "console log of {0}: {1}", vm, e.getMessage());
        }
    }
}
