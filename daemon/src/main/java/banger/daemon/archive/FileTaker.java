package banger.daemon.archive;

import java.io.IOException;
import java.io.InputStream;

/** Takes one regular file of an archive. */
public interface FileTaker {
    /** @param name relative, without {@code ..} @param content to be read before it returns, or left */
    void take(String name, InputStream content) throws IOException;
}
