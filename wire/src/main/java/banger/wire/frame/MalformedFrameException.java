package banger.wire.frame;

import java.io.IOException;

/** The other end broke the rules of the guest protocol; the stream cannot be trusted further. */
public final class MalformedFrameException extends IOException {
    public MalformedFrameException(String message) {
        super(message);
    }
}
