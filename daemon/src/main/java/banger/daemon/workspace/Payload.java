package banger.daemon.workspace;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** What one preparation sends to a guest: archives that guest-replace.sh or guest-update.sh unpack. */
interface Payload {
    int files();

    /** About how many bytes {@link #send} writes. */
    long bytes();

    /** Writes all of it. @param moved told how many bytes have been written each time */
    void send(OutputStream guest, LongConsumer moved) throws IOException;
}
