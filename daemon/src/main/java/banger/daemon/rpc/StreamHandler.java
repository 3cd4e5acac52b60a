package banger.daemon.rpc;

import java.io.IOException;

/**
 * Answers a call on the connection itself: notifications before the reply, or frames behind it.
 *
 * <p>It sends the reply. A Problem thrown before that becomes the call's error.
 */
interface StreamHandler<P> {
    /** @return whether lines of JSON follow; otherwise the connection ends here */
    boolean handle(long id, P params, Connection connection) throws IOException;
}
