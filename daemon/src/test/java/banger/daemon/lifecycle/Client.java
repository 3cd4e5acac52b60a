package banger.daemon.lifecycle;

import banger.wire.rpc.JsonLines;
import banger.wire.rpc.Method;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.Reply;
import banger.wire.rpc.RpcError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client on the daemon's socket. */
public final class Client implements AutoCloseable {
    /** An error reply. */
    public static final class Refused extends RuntimeException {
        private final RpcError error;

        Refused(RpcError error) {
            super(error.message());
            this.error = error;
        }

        String hint() {
            return error.data() == null || error.data().hint() == null
                    ? ""
                    : error.data().hint();
        }

        String kind() {
            return error.data() == null ? "" : error.data().error();
        }
    }

    private final SocketChannel channel;
    private final BufferedReader lines;

    public Client(Path socket) {
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public <P, R> R call(Method<P, R> method, P params) {
        try {
            var line = ByteBuffer.wrap(
                    (JsonLines.writeRequest(1, method, params) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            while (true) {
                Reply reply = JsonLines.readReply(String.valueOf(lines.readLine()));
                if (reply.error() != null) {
                    throw new Refused(reply.error());
                }
                if (reply.result() != null) {
                    return JsonLines.read(method.result(), reply.result());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins an operation and waits for its end, which must be a success. */
    public <P> OperationView done(Method<P, OperationRef> method, P params) {
        OperationView view = call(Methods.OPERATION_WATCH, call(method, params));
        if (view.error() != null) {
            throw new Refused(view.error());
        }
        return view;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
