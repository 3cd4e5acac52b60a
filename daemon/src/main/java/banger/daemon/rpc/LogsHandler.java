package banger.daemon.rpc;

import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import banger.wire.frame.PayloadWriter;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.Logs;
import banger.wire.rpc.VmMessages.StreamOpened;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Sends a VM's console log as DATA frames, and with follow what is added until the VM has ended. */
final class LogsHandler implements StreamHandler<Logs> {
    private static final int CHUNK_BYTES = 32_768;
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final VmStore store;
    private final LiveVms live;
    private final HostPaths paths;

    LogsHandler(VmStore store, LiveVms live, HostPaths paths) {
        this.store = store;
        this.live = live;
        this.paths = paths;
    }

    @Override
    public boolean handle(long id, Logs logs, Connection connection) throws IOException {
        Vm vm = store.resolve(logs.vm());
        if (logs.lines() != null && logs.lines() < 0) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, "-n " + logs.lines() + " is negative");
        }
        connection.result(id, Methods.VM_LOGS, StreamOpened.of(StreamRelay.CLIENT_CHANNEL, 0));
        FrameWriter client = connection.frameWriter();
        Path console = paths.console(vm.id().toString());
        long at = send(console, start(console, logs.lines()), client);
        while (logs.follow() && live.get(vm.id()) != null) {
            try {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            at = send(console, at, client);
        }
        client.write(new PayloadWriter().u8(0).u8(0).frame(StreamRelay.CLIENT_CHANNEL, FrameType.EXIT));
        return false;
    }

    /** Sends what is behind that offset; a file that has become shorter was rotated and starts anew. */
    private static long send(Path file, long offset, FrameWriter client) throws IOException {
        try (FileChannel log = FileChannel.open(file)) {
            long at = log.size() < offset ? 0 : offset;
            var buffer = ByteBuffer.allocate(CHUNK_BYTES);
            for (int count = log.read(buffer, at); count > 0; count = log.read(buffer.clear(), at)) {
                byte[] payload = Arrays.copyOf(buffer.array(), count);
                client.write(new Frame(StreamRelay.CLIENT_CHANNEL, FrameType.DATA, payload));
                at += count;
            }
            return at;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Where the last so many lines begin. */
    private static long start(Path file, @Nullable Integer lines) throws IOException {
        if (lines == null) {
            return 0;
        }
        try (FileChannel log = FileChannel.open(file)) {
            long size = log.size();
            int left = lines;
            var single = ByteBuffer.allocate(CHUNK_BYTES);
            for (long end = size; end > 0; end -= CHUNK_BYTES) {
                long begin = Math.max(0, end - CHUNK_BYTES);
                single.clear().limit((int) (end - begin));
                log.read(single, begin);
                for (int i = single.position() - 1; i >= 0; i--) {
                    // The line feed at the very end closes the last line and begins none.
                    if (single.get(i) == '\n' && begin + i != size - 1 && --left == 0) {
                        return begin + i + 1;
                    }
                }
            }
            return lines == 0 ? size : 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
