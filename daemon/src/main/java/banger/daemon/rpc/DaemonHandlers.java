package banger.daemon.rpc;

import banger.daemon.operation.Operations;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.vm.Driver;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.VmStore;
import banger.wire.Build;
import banger.wire.rpc.DaemonMessages;
import banger.wire.rpc.DaemonMessages.DaemonStatus;
import banger.wire.rpc.DaemonMessages.Hello;
import banger.wire.rpc.DaemonMessages.HelloReply;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.Reply;
import banger.wire.rpc.RpcError;
import java.io.IOException;
import java.time.Instant;

/** Answers calls about the daemon itself. */
public final class DaemonHandlers {
    private final Instant startedAt = Instant.now();
    private final VmStore store;
    private final LiveVms live;
    private final Operations operations;
    private final Driver driver;
    private final HostPaths paths;
    private final Runnable stop;

    /** @param stop ends the daemon; VMs go on */
    public DaemonHandlers(
            VmStore store, LiveVms live, Operations operations, Driver driver, HostPaths paths, Runnable stop) {
        this.store = store;
        this.live = live;
        this.operations = operations;
        this.driver = driver;
        this.paths = paths;
        this.stop = stop;
    }

    public void register(Router router) {
        router.onStream(Methods.HELLO, this::hello)
                .on(Methods.DAEMON_STATUS, nothing -> status())
                .onStream(Methods.DAEMON_STOP, this::stop);
    }

    private boolean hello(long id, Hello hello, Connection connection) throws IOException {
        if (hello.protocol() != DaemonMessages.PROTOCOL) {
            connection.send(Reply.ofError(
                    id,
                    RpcError.of(
                            ErrorCode.INCOMPATIBLE,
                            "the daemon speaks protocol " + DaemonMessages.PROTOCOL + ", the client " + hello.protocol(),
                            "banger daemon restart")));
            return true;
        }
        long pid = ProcessHandle.current().pid();
        connection.result(
                id, Methods.HELLO, new HelloReply(DaemonMessages.PROTOCOL, Build.current().id(), pid));
        return true;
    }

    private DaemonStatus status() {
        long pid = ProcessHandle.current().pid();
        return new DaemonStatus(
                Build.current().id(),
                DaemonMessages.PROTOCOL,
                pid,
                startedAt.toString(),
                paths.socket().toString(),
                paths.state().toString(),
                paths.data().toString(),
                paths.daemonLog().toString(),
                driver.name(),
                driver.description(),
                live.size(),
                store.list().size(),
                operations.running(),
                HostProcess.of(pid).map(HostProcess::residentBytes).orElse(0L));
    }

    private boolean stop(long id, Nothing nothing, Connection connection) throws IOException {
        connection.result(id, Methods.DAEMON_STOP, new Nothing());
        stop.run();
        return false;
    }
}
