package banger.daemon.lifecycle;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import banger.wire.frame.PayloadReader;
import banger.wire.frame.PayloadWriter;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The guest's end of the stream, as docs/guest-protocol.md has it, with commands that it only knows by name. */
final class FakeAgent {
    /** What a command says, and how it ends. */
    record Command(String out, int status) {}

    /** What the agent was asked, by kind, in order. */
    final ConcurrentLinkedQueue<Integer> asked = new ConcurrentLinkedQueue<>();

    /** Kinds that it refuses. */
    final Set<Integer> refused = ConcurrentHashMap.newKeySet();

    /** Kinds that it never answers. */
    final Set<Integer> ignored = ConcurrentHashMap.newKeySet();

    private static final int EXEC = 1;
    private static final int STATS = 5;
    private static final int SHUTDOWN = 8;
    private static final int WRITE = 10;
    private static final Map<String, Command> COMMANDS = Map.of(
            "/bin/cat",
            new Command("", 0),
            "true",
            new Command("", 0),
            "false",
            new Command("", 1),
            "whoami",
            new Command("root\n", 0));

    private final Runnable powerOff;

    FakeAgent(Runnable powerOff) {
        this.powerOff = powerOff;
    }

    /** Serves one connection until its end, on a thread of its own. */
    void serve(SocketChannel stream) {
        Thread.ofVirtual().name("fake-agent").start(() -> {
            try (stream) {
                var reader = new FrameReader(stream);
                var writer = new FrameWriter(stream);
                while (true) {
                    answer(reader.next(), writer);
                }
            } catch (IOException e) {
                // The host has left.
            }
        });
    }

    private void answer(Frame frame, FrameWriter writer) throws IOException {
        PayloadReader fields = frame.read();
        switch (frame.type()) {
            case HELLO ->
                writer.write(new PayloadWriter()
                        .raw(fields.raw(32))
                        .u16(1)
                        .strings(List.of("adopt"))
                        .string("fake")
                        .string("boot")
                        .frame(Frame.SESSION, FrameType.HELLO));
            case OPEN -> open(frame.channel(), fields.u8(), fields, writer);
            case EOF -> writer.write(Frame.empty(frame.channel(), FrameType.REPLY));
            default -> {
                // DATA of a file, credit, and a channel that is given up need no answer.
            }
        }
    }

    private void open(int channel, int kind, PayloadReader fields, FrameWriter writer) throws IOException {
        asked.add(kind);
        if (ignored.contains(kind)) {
            return;
        }
        if (refused.contains(kind)) {
            writer.write(
                    new PayloadWriter().u16(9).string("refused by the test").frame(channel, FrameType.REFUSED));
            return;
        }
        switch (kind) {
            case EXEC -> exec(channel, fields.strings(100).getFirst(), writer);
            case WRITE -> writer.write(new PayloadWriter().u32(0).frame(channel, FrameType.OPENED));
            case STATS -> writer.write(new PayloadWriter().u32(0).frame(channel, FrameType.REPLY));
            case SHUTDOWN -> {
                writer.write(Frame.empty(channel, FrameType.REPLY));
                powerOff.run();
            }
            default -> writer.write(Frame.empty(channel, FrameType.REPLY));
        }
    }

    private static void exec(int channel, String name, FrameWriter writer) throws IOException {
        Command command = COMMANDS.get(name);
        if (command == null) {
            writer.write(new PayloadWriter().u16(3).string("no such command").frame(channel, FrameType.REFUSED));
            return;
        }
        writer.write(new PayloadWriter().u32(100).frame(channel, FrameType.OPENED));
        if (!command.out().isEmpty()) {
            writer.write(new Frame(channel, FrameType.DATA, command.out().getBytes()));
        }
        writer.write(new PayloadWriter().u8(0).u8(command.status()).frame(channel, FrameType.EXIT));
    }
}
