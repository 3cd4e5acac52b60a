import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteVmStore;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import banger.wire.frame.Frame;
import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import banger.wire.frame.PayloadReader;
import banger.wire.frame.PayloadWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A host as a daemon finds it that starts again, for the training run of its AOT cache: an image, VMs that run, and the
 * agents in them, all of which this process stands for.
 *
 * <p>usage: TrainingHost prepare, then, beside the daemon, TrainingHost ask
 */
final class TrainingHost {
    private static final int VMS = 3;
    /** The magic and the nonce, with which a hello begins (docs/guest-protocol.md). */
    private static final int HELLO_BEGIN_BYTES = 32;

    private TrainingHost() {}

    public static void main(String[] args) throws Exception {
        HostPaths paths = HostPaths.ofThisProcess();
        if (args[0].equals("ask")) {
            ask(paths.socket());
            return;
        }
        paths.prepare();
        try (Database database = Database.open(paths.database())) {
            Image image = Image.managed(
                    "training",
                    List.of(new Layer("0".repeat(64), 1)),
                    "training",
                    WorkSeed.NONE,
                    GuestProfile.PLAIN,
                    new Provenance("training", List.of(), null));
            new SqliteImageStore(database).put(image);
            for (int number = 0; number < VMS; number++) {
                Vm vm = running("training-" + number, image.id());
                new SqliteVmStore(database).insert(vm);
                Files.createDirectories(paths.vm(vm.id().toString()));
                Path folder = Files.createDirectories(paths.vmRuntime(vm.id().toString()));
                var agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(folder.resolve("agent.sock")));
                Thread.ofPlatform().name("agent-" + number).start(() -> serve(agent));
            }
        }
        System.out.println("ready");
    }

    private static Vm running(String name, UUID image) {
        long self = ProcessHandle.current().pid();
        var process = new Runtime(
                "qemu",
                self,
                HostProcess.of(self).orElseThrow().startTicks(),
                HostProcess.bootId(),
                Instant.now(),
                List.of());
        var spec = new VmSpec(2, 1L << 30, 8L << 30, NetworkMode.USER, List.of());
        String machine = UUID.randomUUID().toString().replace("-", "");
        Instant now = Instant.now();
        return new Vm(
                UUID.randomUUID(), name, image, spec, VmState.RUNNING, machine, process, null, null, now, now);
    }

    /** An agent that says hello, and has nothing to say to what it is asked. */
    private static void serve(ServerSocketChannel agent) {
        while (true) {
            try (SocketChannel host = agent.accept()) {
                var reader = new FrameReader(host);
                var writer = new FrameWriter(host);
                while (true) {
                    answer(reader.next(), writer);
                }
            } catch (IOException e) {
                // The daemon has ended, or begins another session.
            }
        }
    }

    private static void answer(Frame frame, FrameWriter writer) throws IOException {
        switch (frame.type()) {
            case HELLO -> {
                PayloadReader fields = frame.read();
                writer.write(new PayloadWriter()
                        .raw(fields.raw(HELLO_BEGIN_BYTES))
                        .u16(1)
                        .strings(List.of("exec", "stats", "ready"))
                        .string("training")
                        .string("training")
                        .frame(Frame.SESSION, FrameType.HELLO));
            }
            case OPEN -> writer.write(new PayloadWriter().u32(0).frame(frame.channel(), FrameType.REPLY));
            default -> {}
        }
    }

    private static void ask(Path socket) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            var in = Channels.newReader(channel, StandardCharsets.UTF_8);
            call(channel, 1, "hello", "{\"protocol\":1,\"build\":\"0-training\"}");
            call(channel, 2, "vm.list", "{}");
            for (int number = 0; number < VMS; number++) {
                call(channel, 3 + number, "vm.stats", "{\"vm\":\"training-" + number + "\"}");
            }
            var lines = new BufferedReader(in);
            for (int answers = 0; answers < 2 + VMS; answers++) {
                System.out.println(lines.readLine());
            }
        }
    }

    private static void call(SocketChannel channel, int id, String method, String parameters) throws IOException {
        String line = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}\n";
        channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    }
}
