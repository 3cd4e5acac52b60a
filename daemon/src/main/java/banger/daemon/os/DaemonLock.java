package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The right to be the only daemon on a store; the kernel takes it back when the process ends, however it ends. */
public final class DaemonLock implements AutoCloseable {
    /** The field of a line of /proc/locks with the file (proc_locks(5)): number, kind, mode, type, pid, file, from, to. */
    private static final int LOCK_FILE = 5;

    private final FileChannel file;

    private DaemonLock(FileChannel file) {
        this.file = file;
    }

    /** Another daemon holds it, which serves or is about to. */
    public static final class Taken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Taken(String message) {
            super(message);
        }
    }

    /** @throws Taken where another daemon holds it, with that one's pid */
    public static DaemonLock take(Path path) {
        try {
            FileChannel file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            @Nullable FileLock lock = file.tryLock();
            if (lock == null) {
                String holder = read(file);
                file.close();
                throw new Taken("another bangerd (pid " + holder + ") owns this store: " + path);
            }
            file.truncate(0);
            file.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new DaemonLock(file);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot lock " + path + ": " + e.getMessage(), "banger doctor", e);
        }
    }

    /** The process that holds it now, which is looked up and not tried: a try could be in a starting daemon's way. */
    public static Optional<Long> holder(Path path) {
        try {
            long inode = (Long) Files.getAttribute(path, "unix:ino");
            return Files.readString(Path.of("/proc/locks"))
                    .lines()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(fields -> fields.length > LOCK_FILE && fields[LOCK_FILE].endsWith(":" + inode))
                    .map(fields -> Long.parseLong(fields[LOCK_FILE - 1]))
                    .filter(pid -> pid > 0)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String read(FileChannel file) throws IOException {
        var bytes = ByteBuffer.allocate(32);
        file.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            // The process is ending; the kernel drops the lock with it.
        }
    }
}
