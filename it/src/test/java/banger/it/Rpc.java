package banger.it;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client that speaks the bytes of docs/rpc.md by itself, rightly or wrongly. */
final class Rpc implements AutoCloseable {
    static final int DATA = 20;
    static final int DATA_ERR = 21;
    static final int EOF = 22;
    static final int CREDIT = 23;
    static final int SIGNAL = 24;
    static final int EXIT = 26;
    static final int CLOSE = 27;

    /** One frame as it came. */
    record Frame(int channel, int type, byte[] payload) {
        int exitStatus() {
            return payload[1] & 0xff;
        }

        boolean killed() {
            return payload[0] == 1;
        }
    }

    private final SocketChannel channel;
    private final DataInputStream in;
    private int lastId;

    private Rpc(SocketChannel channel) {
        this.channel = channel;
        in = new DataInputStream(new java.io.BufferedInputStream(new Stream(channel)));
    }

    static Rpc connect(Home home) throws IOException {
        return new Rpc(SocketChannel.open(UnixDomainSocketAddress.of(home.socket())));
    }

    /** Calls a method; the reply's envelope. */
    Json call(String method, String params) throws IOException {
        line("{\"jsonrpc\":\"2.0\",\"id\":" + ++lastId + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
        while (true) {
            Json reply = Json.parse(reply());
            if (reply.at("method").isNull()) {
                return reply;
            }
        }
    }

    /** Begins a command whose frames follow. */
    Rpc exec(String vm, boolean stdin, String... argv) throws IOException {
        return exec(vm, stdin, false, argv);
    }

    /** Begins one in the VM's workspace, through mise. */
    Rpc execInWorkspace(String vm, String... argv) throws IOException {
        return exec(vm, false, true, argv);
    }

    private Rpc exec(String vm, boolean stdin, boolean workspace, String... argv) throws IOException {
        var words = java.util.Arrays.stream(argv).map(Json::quote).collect(java.util.stream.Collectors.joining(","));
        Json reply = call(
                "vm.exec",
                "{\"vm\":" + Json.quote(vm) + ",\"argv\":[" + words + "],\"env\":[],\"tty\":false," + "\"stdin\":"
                        + stdin + ",\"columns\":0,\"rows\":0,\"workspace\":" + workspace + ",\"mise\":" + workspace
                        + "}");
        if (!reply.at("error").isNull()) {
            throw new AssertionError(reply);
        }
        return this;
    }

    void line(String text) throws IOException {
        bytes((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    void frame(int channelNumber, int type, byte[] payload) throws IOException {
        bytes(ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length)
                .putInt(channelNumber)
                .put((byte) type)
                .put(payload)
                .array());
    }

    void credit(int bytes) throws IOException {
        frame(1, CREDIT, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /** The next line. @throws EOFException where the daemon has closed the connection */
    String reply() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    Frame frame() throws IOException {
        int length = in.readInt();
        int number = in.readInt();
        int type = in.readUnsignedByte();
        return new Frame(number, type, in.readNBytes(length));
    }

    /** Reads frames until the command's end; @return its standard output and its EXIT */
    Finished finish() throws IOException {
        var out = new ByteArrayOutputStream();
        while (true) {
            Frame frame = frame();
            switch (frame.type()) {
                case DATA -> {
                    out.write(frame.payload());
                    giveBack(frame.payload().length);
                }
                case EXIT -> {
                    return new Finished(out.toString(StandardCharsets.UTF_8), frame);
                }
                default -> {}
            }
        }
    }

    private void giveBack(int bytes) {
        try {
            credit(bytes);
        } catch (IOException e) {
            // The daemon has said its last; that is still to be read.
        }
    }

    /** A command's output and end. */
    record Finished(String out, Frame exit) {}

    /** Whether the daemon closes the connection; what it still says is passed over. */
    boolean isClosedByDaemon() {
        try {
            in.skipNBytes(Long.MAX_VALUE);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no more use either way.
        }
    }

    /** Channels.newInputStream holds a lock that would keep another thread from writing meanwhile. */
    private static final class Stream extends InputStream {
        private final SocketChannel channel;

        Stream(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(target, offset, length));
        }
    }
}
