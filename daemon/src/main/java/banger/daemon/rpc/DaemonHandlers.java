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
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
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
    private final Runnable check;
    private final Runnable stop;

    /** @param stop ends the daemon; VMs go on */
    public DaemonHandlers(
            VmStore store,
            LiveVms live,
            Operations operations,
            Driver driver,
            HostPaths paths,
            Runnable check,
            Runnable stop) {
        this.store = store;
        this.live = live;
        this.operations = operations;
        this.driver = driver;
        this.paths = paths;
        this.check = check;
        this.stop = stop;
    }

    public void register(Router router) {
        router.on(Methods.HELLO, DaemonHandlers::hello)
                .on(Methods.DAEMON_STATUS, nothing -> status())
                .on(Methods.DAEMON_CHECK, nothing -> check())
                .onStream(Methods.DAEMON_STOP, this::stop);
    }

    /** Any protocol is answered: the client compares, and may want to replace this daemon by a newer one. */
    private static HelloReply hello(Hello hello) {
        long pid = ProcessHandle.current().pid();
        return new HelloReply(DaemonMessages.PROTOCOL, Build.current().id(), pid);
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
                operations.runningAside(),
                HostProcess.of(pid).map(HostProcess::residentBytes).orElse(0L));
    }

    private Nothing check() {
        check.run();
        return new Nothing();
    }

    private boolean stop(long id, Nothing nothing, Connection connection) throws IOException {
        connection.result(id, Methods.DAEMON_STOP, new Nothing());
        stop.run();
        return false;
    }
}
