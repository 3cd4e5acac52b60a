package banger.daemon.vm;

import banger.daemon.os.BoundedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Keeps the logs of running VMs below a bound each, looking at them now and then. */
public final class VmLogs {
    private static final System.Logger LOG = System.getLogger(VmLogs.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final LiveVms live;
    private final Function<UUID, List<Path>> files;
    private final long boundBytes;

    public VmLogs(LiveVms live, Function<UUID, List<Path>> files, long boundBytes) {
        this.live = live;
        this.files = files;
        this.boundBytes = boundBytes;
    }

    /** Looks from the first interval's end on, in a thread of its own, as long as the process lives. */
    public void start() {
        Thread.ofVirtual().name("vm-logs").start(() -> {
            while (true) {
                try {
                    Thread.sleep(INTERVAL);
                } catch (InterruptedException e) {
                    return;
                }
                live.ids().forEach(this::trim);
            }
        });
    }

    private void trim(UUID vm) {
        for (Path log : files.apply(vm)) {
            try {
                BoundedLog.trim(log, boundBytes);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "{0}: {1}", log, e.getMessage());
            }
        }
    }
}
