package banger.daemon.rpc;

import banger.daemon.guest.AgentChannel;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.problem.Problem;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import banger.wire.frame.PayloadReader;
import banger.wire.rpc.Methods;
import banger.wire.rpc.SshMessages.Connect;
import banger.wire.rpc.VmMessages.StreamOpened;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Connects a client to a TCP port that the guest can reach. */
final class ConnectHandler implements StreamHandler<Connect> {
    /** The guest itself gives up earlier. */
    private static final int OPEN_BOUND_SECONDS = 30;

    private static final int MAX_PORT = 65_535;
    /** The guest itself: a server may listen on one of its two loopback addresses only. */
    private static final List<String> GUEST_ITSELF = List.of("127.0.0.1", "::1");

    private final VmStore store;
    private final LiveVms live;

    private record Opened(AgentChannel channel, StreamRelay relay) {}

    ConnectHandler(VmStore store, LiveVms live) {
        this.store = store;
        this.live = live;
    }

    @Override
    public boolean handle(long id, Connect connect, Connection connection) throws IOException {
        Vm vm = store.resolve(connect.vm());
        if (connect.port() < 1 || connect.port() > MAX_PORT) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT, connect.port() + " is not a port: expected 1 to " + MAX_PORT);
        }
        Opened opened = open(vm, connect);
        connection.result(id, Methods.VM_CONNECT, StreamOpened.of(StreamRelay.CLIENT_CHANNEL, 0));
        opened.relay().run(opened.channel(), connection);
        return false;
    }

    private Opened open(Vm vm, Connect connect) {
        AgentSession session = live.session(vm);
        String host = Objects.requireNonNullElse(connect.host(), "");
        List<String> addresses = host.isEmpty() ? GUEST_ITSELF : List.of(host);
        String reason = "";
        for (String address : addresses) {
            var relay = new StreamRelay();
            AgentChannel channel = null;
            try {
                channel = session.open(
                        ChannelKind.TCP, request -> request.string(address).u16(connect.port()), relay);
                Frame first = relay.first().get(OPEN_BOUND_SECONDS, TimeUnit.SECONDS);
                if (first.type() == FrameType.OPENED) {
                    return new Opened(channel, relay);
                }
                reason = reason.isEmpty() ? refusal(first) : reason;
            } catch (IOException | ExecutionException | TimeoutException e) {
                reason = e instanceof TimeoutException ? "no answer" : String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reason = "the daemon is ending";
            }
            if (channel != null) {
                channel.close();
            }
        }
        throw new Problem(
                Problem.Kind.FAILED,
                "vm " + vm.name() + ": " + reason,
                "banger vm exec " + vm.name() + " -- ss -ltn, to see what listens");
    }

    private static String refusal(Frame first) throws IOException {
        if (first.type() != FrameType.REFUSED) {
            throw new IOException(first.type() + " in place of OPENED");
        }
        PayloadReader fields = first.read();
        fields.u16();
        return fields.string();
    }
}
