package banger.daemon.os;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Cuts a long, sparse file into windows of equal length, and leaves out those that are nothing but holes. */
public final class DataWindows {
    private DataWindows() {}

    /** Where the windows with data begin, in order; each is a multiple of the length. */
    public static List<Long> of(Path file, int windowBytes) throws IOException {
        List<Long> windows = new ArrayList<>();
        int fd = Libc.open(file, Libc.O_RDONLY, 0);
        try {
            DataExtents extents = new DataExtents(fd);
            long next = 0;
            while (extents.next()) {
                long window = Math.max(next, extents.start() / windowBytes * windowBytes);
                for (; window < extents.end(); window += windowBytes) {
                    windows.add(window);
                }
                next = window;
            }
            return windows;
        } finally {
            Libc.close(fd);
        }
    }
}
