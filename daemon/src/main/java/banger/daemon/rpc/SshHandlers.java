package banger.daemon.rpc;

import banger.daemon.copy.CopyFromGuest;
import banger.daemon.copy.CopyToGuest;
import banger.daemon.guest.AgentSession;
import banger.daemon.operation.Operations;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.ssh.SshAccess;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.daemon.workspace.Workspaces;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.SshMessages;
import banger.wire.rpc.SshMessages.Copy;
import banger.wire.rpc.SshMessages.SshConfig;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** Answers calls about logging in to VMs, connecting to their ports and copying files. */
public final class SshHandlers {
    private final VmStore store;
    private final LiveVms live;
    private final SshAccess access;
    private final HostPaths paths;
    private final Operations operations;
    private final ExecHandler exec;

    public SshHandlers(
            VmStore store,
            LiveVms live,
            SshAccess access,
            HostPaths paths,
            Operations operations,
            Workspaces workspaces) {
        this.store = store;
        this.live = live;
        this.access = access;
        this.paths = paths;
        this.operations = operations;
        exec = new ExecHandler(store, live, workspaces, GuestDefaults.NONE);
    }

    public void register(Router router) {
        router.on(Methods.VM_SSH, this::ssh)
                .on(Methods.SSH_CONFIG, nothing -> config())
                .on(Methods.VM_COPY, this::copy)
                .onStream(Methods.VM_SSH_STREAM, this::stream)
                .onStream(Methods.VM_CONNECT, new ConnectHandler(store, live));
    }

    private SshMessages.SshAccess ssh(VmRef ref) {
        Vm vm = store.resolve(ref.vm());
        String host = access.ensure(vm, live.session(vm));
        return new SshMessages.SshAccess(vm.name(), host, paths.sshConfig().toString());
    }

    private OperationRef copy(Copy call) {
        Vm vm = store.resolve(call.vm());
        String host = call.hostPath();
        if (host == null || !host.startsWith("/") || host.indexOf('\0') >= 0) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, "the path on the host is not absolute: \"" + host + "\"");
        }
        String guest = Objects.requireNonNullElse(call.guestPath(), "");
        String user = Objects.requireNonNullElse(call.user(), "");
        AgentSession session = live.session(vm);
        Operations.Work work = call.toGuest()
                ? progress -> new CopyToGuest(host, guest, user).run(vm.name(), session, progress)
                : progress -> new CopyFromGuest(guest, host, user, call.keepLinks()).run(vm.name(), session, progress);
        Operations.Work told = progress -> {
            try {
                work.run(progress);
            } catch (Problem e) {
                throw session.isOpen() && store.runs(vm.id()) ? e : cutOff(vm, e);
            }
        };
        return new OperationRef(operations.begin("vm.copy", vm.name(), told).id());
    }

    private static Problem cutOff(Vm vm, Problem cause) {
        return new Problem(
                Problem.Kind.FAILED,
                "vm " + vm.name()
                        + " was stopped or deleted during the copy, or its agent was lost; nothing was copied",
                "banger vm show " + vm.name(),
                cause);
    }

    private SshConfig config() {
        List<String> hosts = access.refresh();
        return new SshConfig(paths.sshConfig().toString(), access.configText(), hosts);
    }

    private boolean stream(long id, VmRef ref, Connection connection) throws IOException {
        Vm vm = store.resolve(ref.vm());
        access.ensure(vm, live.session(vm));
        var server = Exec.plain(vm.id().toString(), SshAccess.server(), "/", true);
        return exec.handle(id, server, connection);
    }
}
