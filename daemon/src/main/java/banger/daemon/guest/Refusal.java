package banger.daemon.guest;

import banger.wire.frame.Frame;
import banger.wire.frame.PayloadReader;
import java.io.IOException;

/** Reads REFUSED frames. */
final class Refusal {
    private Refusal() {}

    static IOException of(Frame refused) {
        try {
            PayloadReader fields = refused.read();
            int code = fields.u16();
            return new AgentException(code, fields.string());
        } catch (IOException e) {
            return e;
        }
    }
}
