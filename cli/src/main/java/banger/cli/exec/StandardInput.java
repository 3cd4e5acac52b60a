package banger.cli.exec;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Sends an input as DATA frames on a thread of its own, then EOF.
 *
 * <p>It reads no further ahead than it has credit for. The thread is a daemon: a read from a terminal cannot be broken
 * off, and must not keep the program alive when the command has ended.
 */
final class StandardInput {
    private final InputStream input;
    private final FrameWriter writer;
    private final int channel;
    private final Credit credit;

    StandardInput(InputStream input, FrameWriter writer, int channel, Credit credit) {
        this.input = input;
        this.writer = writer;
        this.channel = channel;
        this.credit = credit;
    }

    void start() {
        Thread thread = new Thread(this::pump, "stdin");
        thread.setDaemon(true);
        thread.start();
    }

    private void pump() {
        try {
            byte[] buffer = new byte[Frame.MAX_PAYLOAD_BYTES];
            while (true) {
                int allowed = credit.take(buffer.length);
                int count = read(buffer, allowed);
                if (count < 0) {
                    writer.write(Frame.empty(channel, FrameType.EOF));
                    return;
                }
                if (count < allowed) {
                    credit.add(allowed - count);
                }
                if (count > 0) {
                    writer.write(new Frame(channel, FrameType.DATA, Arrays.copyOf(buffer, count)));
                }
            }
        } catch (IOException e) {
            // The stream broke; its reader sees the same and knows how it ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A standard input that is closed or cannot be read is at its end. */
    private int read(byte[] buffer, int most) {
        try {
            return input.read(buffer, 0, most);
        } catch (IOException e) {
            return -1;
        }
    }
}
