package banger.cli.exec;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import banger.wire.frame.PayloadReader;
import banger.wire.frame.PayloadWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The CLI's end of one channel to the guest (docs/guest-protocol.md): copies its output to ours until it ends.
 *
 * <p>{@link #run} reads on the caller's thread; the other methods may be called from any thread meanwhile.
 */
public final class GuestStream {
    /** Credit is given back in pieces of at least this size, a quarter of the window, to save frames. */
    private static final int CREDIT_STEP_BYTES = Frame.INITIAL_CREDIT_BYTES / 4;

    private final FrameReader reader;
    private final FrameWriter writer;
    private final int channel;
    private final Credit credit = new Credit();
    private Runnable ended = () -> {};
    private int owedCredit;

    public GuestStream(FrameReader reader, FrameWriter writer, int channel) {
        this.reader = reader;
        this.writer = writer;
        this.channel = channel;
    }

    /** Sends the input, on a thread of its own. */
    public void forward(InputStream input) {
        new StandardInput(input, writer, channel, credit).start();
    }

    /** What to do when the guest says that it will send no more, while it may still receive. */
    public GuestStream whenEnded(Runnable action) {
        ended = action;
        return this;
    }

    /** Sends a signal to the command's process group. */
    public void signal(int number) {
        send(new PayloadWriter().u8(number).frame(channel, FrameType.SIGNAL));
    }

    public void resize(int columns, int rows) {
        send(new PayloadWriter().u16(columns).u16(rows).frame(channel, FrameType.RESIZE));
    }

    /** Copies the guest's output until the channel ends. */
    public StreamOutcome run(OutputStream out, OutputStream err) {
        try {
            while (true) {
                Frame frame = reader.next();
                StreamOutcome outcome = frame.channel() == Frame.SESSION ? session(frame) : take(frame, out, err);
                if (outcome != null) {
                    return outcome;
                }
            }
        } catch (EOFException e) {
            return new StreamOutcome.Broken(
                    "the daemon closed the connection, as when it ends or restarts, with which VMs go on");
        } catch (IOException e) {
            return new StreamOutcome.Broken(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private @Nullable StreamOutcome take(Frame frame, OutputStream out, OutputStream err) throws IOException {
        return switch (frame.type()) {
            case DATA -> deliver(frame, out);
            case DATA_ERR -> deliver(frame, err);
            case CREDIT -> {
                PayloadReader payload = frame.read();
                credit.add(payload.u32());
                yield null;
            }
            case EXIT -> {
                PayloadReader payload = frame.read();
                boolean killed = payload.u8() == 1;
                int value = payload.u8();
                yield killed ? new StreamOutcome.Killed(value) : new StreamOutcome.Exited(value);
            }
            case EOF -> {
                ended.run();
                yield null;
            }
            case OPENED -> null;
            case REFUSED -> new StreamOutcome.Broken(reason(frame));
            case HELLO, ERROR, OPEN, REPLY, SIGNAL, RESIZE, CLOSE ->
                new StreamOutcome.Broken("the daemon sent a " + frame.type() + " frame");
        };
    }

    private @Nullable StreamOutcome deliver(Frame frame, OutputStream target) throws IOException {
        try {
            target.write(frame.payload());
            target.flush();
        } catch (IOException e) {
            send(Frame.empty(channel, FrameType.CLOSE));
            return new StreamOutcome.OutputClosed();
        }
        owedCredit += frame.payload().length;
        if (owedCredit >= CREDIT_STEP_BYTES) {
            // Where the daemon has left already, its last frames are still to be read.
            send(new PayloadWriter().u32(owedCredit).frame(channel, FrameType.CREDIT));
            owedCredit = 0;
        }
        return null;
    }

    private static StreamOutcome session(Frame frame) throws IOException {
        return new StreamOutcome.Broken(
                frame.type() == FrameType.ERROR ? reason(frame) : "the daemon sent a " + frame.type() + " frame");
    }

    private static String reason(Frame frame) throws IOException {
        PayloadReader payload = frame.read();
        payload.u16();
        return payload.string();
    }

    private void send(Frame frame) {
        try {
            writer.write(frame);
        } catch (IOException e) {
            // The stream broke; run() sees the same and tells.
        }
    }
}
