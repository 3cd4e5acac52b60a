package banger.daemon.os;

import java.io.IOException;

/** Walks the parts of an open file that are not holes, in order. */
final class DataExtents {
    private final int fd;
    private long start;
    private long end;

    DataExtents(int fd) {
        this.fd = fd;
    }

    /** Moves on to the next part and returns true, or returns false at the end of the file. */
    boolean next() throws IOException {
        try {
            start = Libc.lseek(fd, end, Libc.SEEK_DATA);
            end = Libc.lseek(fd, start, Libc.SEEK_HOLE);
            return true;
        } catch (SystemCall.Failure e) {
            // How lseek says that there is no more data.
            if (e.errno() == Libc.ENXIO) {
                return false;
            }
            throw e;
        }
    }

    long start() {
        return start;
    }

    /** The byte after the last. */
    long end() {
        return end;
    }
}
