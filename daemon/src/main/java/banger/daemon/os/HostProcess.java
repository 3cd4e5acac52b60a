package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process of the host, named by its number and its start time, so that a later process of the same number is not
 * taken for it.
 *
 * @param startTicks field 22 of {@code /proc/PID/stat}: clock ticks since boot (proc(5))
 */
public record HostProcess(long pid, long startTicks) {
    private static final long CLOCK_TICKS_PER_SECOND = 100;
    private static final long PAGE_BYTES = 4096;
    private static final Duration KILL_BOUND = Duration.ofSeconds(30);

    /** The process of that number as it is now. */
    public static Optional<HostProcess> of(long pid) {
        return stat(pid).map(fields -> new HostProcess(pid, Long.parseLong(fields[19])));
    }

    /** The kernel's id of this boot; it differs after every start of the host. */
    public static String bootId() {
        return Boot.ID;
    }

    private static final class Boot {
        static final String ID = read();

        private static String read() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip();
            } catch (IOException e) {
                throw new IllegalStateException("the boot id cannot be read", e);
            }
        }
    }

    /** Where the first thread has ended, others may still hold its files and sockets. */
    public boolean isAlive() {
        return stat(pid)
                .filter(fields -> Long.parseLong(fields[19]) == startTicks)
                .filter(fields -> !fields[0].equals("Z") || Integer.parseInt(fields[17]) > 1)
                .isPresent();
    }

    public CompletableFuture<Void> exited() {
        return ProcessEnds.of(this);
    }

    /** SIGKILL, and waits for the end, also where the thread is interrupted; idempotent. @throws Problem if it goes on */
    public void kill() {
        kill(KILL_BOUND);
    }

    void kill(Duration bound) {
        if (!isAlive()) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        handle.ifPresent(ProcessHandle::destroyForcibly);
        CompletableFuture<Void> exited = exited();
        long end = System.nanoTime() + bound.toNanos();
        while (isAlive() && System.nanoTime() < end) {
            try {
                exited.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (isAlive()) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "process " + pid + " still lives " + bound.toSeconds() + " s after it was killed, in state "
                            + stat(pid).map(fields -> fields[0]).orElse("unknown")
                            + ": D is one that waits for a device or a file system of the host's",
                    "ps -o pid,stat,wchan,args -p " + pid + ", and the same command again once it has ended");
        }
    }

    /** How it stands to the host's other processes. */
    public enum Priority {
        NORMAL(0),
        LOWEST(19);

        private final int nice;

        Priority(int nice) {
            this.nice = nice;
        }
    }

    /** Gives it and all its threads that priority, where it leads a process group, as a detached one does. */
    public void give(Priority priority) {
        if (priority != Priority.NORMAL && isAlive()) {
            Libc.setPriorityOfGroup((int) pid, priority.nice);
        }
    }

    public long cpuMillis() {
        return stat(pid)
                .map(f -> (Long.parseLong(f[11]) + Long.parseLong(f[12])) * 1000 / CLOCK_TICKS_PER_SECOND)
                .orElse(0L);
    }

    public long residentBytes() {
        return stat(pid).map(f -> Long.parseLong(f[21]) * PAGE_BYTES).orElse(0L);
    }

    /** The folder that it works in, as far as this process may see it. */
    public Optional<Path> folder() {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Its command line, arguments apart; empty where it is gone or not ours to read. */
    public static String[] commandLine(long pid) {
        try {
            String joined = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
            return joined.isEmpty() ? new String[0] : joined.split("\0");
        } catch (IOException e) {
            return new String[0];
        }
    }

    /** The fields of /proc/PID/stat from the third on; the second may hold spaces and brackets. */
    private static Optional<String[]> stat(long pid) {
        try {
            String line = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
