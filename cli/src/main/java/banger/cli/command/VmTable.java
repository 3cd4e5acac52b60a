package banger.cli.command;

import banger.cli.text.Age;
import banger.cli.text.ByteSize;
import banger.cli.text.Table;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.VmView;
import banger.wire.rpc.WorkspaceMessages.WorkspaceView;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The list of VMs, for {@code ps} and {@code vm list}. */
public final class VmTable {
    private VmTable() {}

    static int print(Session session, String path, ListOptions options, boolean pool) throws IOException {
        boolean json = options.json(path);
        try (var daemon = session.connect()) {
            List<VmView> vms = daemon.call(pool ? Methods.VM_POOL : Methods.VM_LIST, new Nothing())
                    .vms();
            session.output().print(options.quiet ? names(vms) : json ? JsonText.array(VmView.class, vms) : table(vms));
            return 0;
        }
    }

    /** The list as a table; ports give way to the reason where a VM is broken. */
    public static String table(List<VmView> vms) {
        Table table = new Table("NAME", "STATE", "IMAGE", ">VCPUS", ">MEMORY", ">DISK", ">AGE", "WORKSPACE", "PORTS");
        long now = System.currentTimeMillis();
        for (VmView vm : vms) {
            table.row(
                    vm.name(),
                    vm.state(),
                    vm.image(),
                    Integer.toString(vm.vcpus()),
                    ByteSize.format(vm.memoryBytes()),
                    ByteSize.format(vm.usedDiskBytes()),
                    Age.since(vm.createdAt(), now),
                    workspace(vm.workspace()),
                    vm.broken() == null ? ports(vm) : vm.broken());
        }
        return table.render();
    }

    private static String workspace(@Nullable WorkspaceView workspace) {
        return workspace == null ? "" : workspace.guestPath() + "@" + WorkspaceShowCommand.shortCommit(workspace);
    }

    private static String names(List<VmView> vms) {
        StringBuilder text = new StringBuilder();
        for (VmView vm : vms) {
            text.append(vm.name()).append('\n');
        }
        return text.toString();
    }

    private static String ports(VmView vm) {
        StringBuilder text = new StringBuilder();
        for (Publish port : vm.publish()) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(port.hostPort())
                    .append(":")
                    .append(port.guestPort());
        }
        return text.toString();
    }
}
