package banger.daemon.rpc;

import banger.daemon.os.HostPaths;
import banger.daemon.ssh.SshAccess;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.wire.rpc.Methods;
import banger.wire.rpc.SshMessages;
import banger.wire.rpc.SshMessages.SshConfig;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.util.List;

/** Answers calls about logging in to VMs and connecting to their ports. */
public final class SshHandlers {
    private final VmStore store;
    private final LiveVms live;
    private final SshAccess access;
    private final HostPaths paths;
    private final ExecHandler exec;

    public SshHandlers(VmStore store, LiveVms live, SshAccess access, HostPaths paths) {
        this.store = store;
        this.live = live;
        this.access = access;
        this.paths = paths;
        exec = new ExecHandler(store, live);
    }

    public void register(Router router) {
        router.on(Methods.VM_SSH, this::ssh)
                .on(Methods.SSH_CONFIG, nothing -> config())
                .onStream(Methods.VM_SSH_STREAM, this::stream)
                .onStream(Methods.VM_CONNECT, new ConnectHandler(store, live));
    }

    private SshMessages.SshAccess ssh(VmRef ref) {
        Vm vm = store.resolve(ref.vm());
        String host = access.ensure(vm, live.session(vm));
        return new SshMessages.SshAccess(vm.name(), host, paths.sshConfig().toString());
    }

    private SshConfig config() {
        List<String> hosts = access.refresh();
        return new SshConfig(paths.sshConfig().toString(), access.configText(), hosts);
    }

    private boolean stream(long id, VmRef ref, Connection connection) throws IOException {
        Vm vm = store.resolve(ref.vm());
        access.ensure(vm, live.session(vm));
        var server = new Exec(vm.id().toString(), SshAccess.server(), List.of(), "/", null, false, true, 0, 0);
        return exec.handle(id, server, connection);
    }
}
