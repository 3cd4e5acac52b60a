package banger.daemon.driver.firecracker.standin;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import banger.wire.frame.PayloadReader;
import banger.wire.frame.PayloadWriter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A guest that is only its agent (docs/guest-protocol.md), behind the vsock device. What the kernel's file says tells how
 * it behaves: {@code boots}, {@code hangs}, {@code panics}, or {@code stays} whatever it is asked.
 */
final class Guest {
    /** putGuestVsock: a guest's connection to port N of the host comes out on {@code uds_path_N}. */
    private static final String AGENT_PORT_SUFFIX = "_1024";

    private static final long RETRY_MILLIS = 20;
    private static final byte[] MAGIC = "banger-stream-v1".getBytes(StandardCharsets.US_ASCII);

    private final String socket;
    private final boolean obeys;
    private volatile String bootId = UUID.randomUUID().toString();
    private volatile String hostname = "localhost";
    private boolean paused;

    private Guest(String socket, boolean obeys) {
        this.socket = socket;
        this.obeys = obeys;
    }

    /** Boots as the agent does as /init: it must find its disks, and the stream that it is told of. */
    static @Nullable Guest boot(Map<String, Object> source, List<Map<String, Object>> drives, @Nullable String vsock) {
        String behaviour = read(Path.of(String.valueOf(source.get("kernel_image_path"))));
        System.out.println("Linux version 6.1.0, which " + behaviour);
        String wrong = Bootability.wrong(source, drives, vsock);
        if (wrong != null || behaviour.equals("panics")) {
            System.out.println("banger-agent: cannot boot: " + (wrong == null ? "it is told to panic" : wrong));
            StandIn.endSoon(0);
            return null;
        }
        if (behaviour.equals("hangs")) {
            return null;
        }
        return begin(String.valueOf(vsock), !behaviour.equals("stays"));
    }

    /** Goes on after a restore, paused: the connection that it had is gone. */
    static @Nullable Guest restored(@Nullable String vsock, String memory) {
        if (vsock == null) {
            return null;
        }
        var guest = new Guest(vsock + AGENT_PORT_SUFFIX, true);
        String[] lines = memory.split("\n");
        guest.bootId = lines[1];
        guest.hostname = lines[2];
        guest.paused = true;
        Thread.ofPlatform().daemon().start(guest::run);
        return guest;
    }

    /** What of it is in its memory. */
    String memory() {
        return bootId + "\n" + hostname + "\n";
    }

    private static Guest begin(String vsock, boolean obeys) {
        var guest = new Guest(vsock + AGENT_PORT_SUFFIX, obeys);
        Thread.ofPlatform().daemon().start(guest::run);
        return guest;
    }

    synchronized void paused(boolean now) {
        paused = now;
        notifyAll();
    }

    private synchronized void awaitRunning() throws InterruptedException {
        while (paused) {
            wait();
        }
    }

    private void run() {
        try {
            while (true) {
                awaitRunning();
                try (SocketChannel host = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                    host.connect(UnixDomainSocketAddress.of(socket));
                    serve(new FrameReader(host), new FrameWriter(host));
                } catch (IOException e) {
                    // Nobody listens yet, or the host has left: the agent comes again.
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(FrameReader in, FrameWriter out) throws IOException, InterruptedException {
        while (true) {
            Frame frame = in.next();
            awaitRunning();
            switch (frame.type()) {
                case HELLO -> out.write(hello(frame.read()));
                case OPEN -> open(frame, out);
                case DATA ->
                    out.write(new PayloadWriter().u32(frame.payload().length).frame(frame.channel(), FrameType.CREDIT));
                // Only a write's host ends what it sends here.
                case EOF -> out.write(Frame.empty(frame.channel(), FrameType.REPLY));
                default -> {}
            }
        }
    }

    private Frame hello(PayloadReader said) throws IOException {
        if (!java.util.Arrays.equals(said.raw(MAGIC.length), MAGIC)) {
            throw new IOException("not a host's hello");
        }
        return new PayloadWriter()
                .raw(MAGIC)
                .raw(said.raw(16))
                .u16(1)
                .strings(List.of("exec", "ready", "identity", "stats", "shutdown", "write", "boot", "hold", "adopt"))
                .string("stand-in")
                .string(bootId)
                .frame(Frame.SESSION, FrameType.HELLO);
    }

    private void open(Frame frame, FrameWriter out) throws IOException {
        PayloadReader request = frame.read();
        int channel = frame.channel();
        Frame reply = Frame.empty(channel, FrameType.REPLY);
        Frame opened = new PayloadWriter().u32(7).frame(channel, FrameType.OPENED);
        switch (request.u8()) {
            case 1 ->
                out.write(
                        opened,
                        new Frame(
                                channel,
                                FrameType.DATA,
                                answer(request.strings(64)).getBytes(StandardCharsets.UTF_8)),
                        new PayloadWriter().u8(0).u8(0).frame(channel, FrameType.EXIT));
            case 3, 6, 7, 11, 12, 15 -> out.write(reply);
            case 4, 14 -> {
                String name = request.string();
                hostname = name.isEmpty() ? hostname : name;
                out.write(reply);
            }
            case 5 ->
                out.write(new PayloadWriter().u32(1).string("uptime_ms").u64(1).frame(channel, FrameType.REPLY));
            case 8 -> {
                out.write(reply);
                if (obeys) {
                    System.out.println("reboot: Restarting system");
                    StandIn.endSoon(0);
                }
            }
            case 10 -> out.write(opened);
            default ->
                out.write(new PayloadWriter().u16(2).string("unsupported").frame(channel, FrameType.REFUSED));
        }
    }

    private String answer(List<String> argv) {
        return switch (argv.getFirst()) {
            case "hostname" -> hostname + "\n";
            case "cat" -> bootId + "\n";
            default -> String.join(" ", argv) + "\n";
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
