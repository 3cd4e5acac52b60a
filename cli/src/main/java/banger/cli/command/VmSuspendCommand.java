package banger.cli.command;

import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Freezes running VMs to disk. */
@CommandDefinition(
        name = "suspend",
        description = "Freeze running VMs to disk, with their processes and unsaved memory.")
public final class VmSuspendCommand extends CliCommand {
    @Arguments(index = "0..*", description = "names, ids or prefixes of them")
    List<String> vms = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        return new ManyVms("vm suspend", "suspended")
                .run(session, vms, false, (daemon, vm) -> daemon.call(Methods.VM_SUSPEND, new VmRef(vm)));
    }

    @Override
    public String synopsis() {
        return "VM...";
    }

    @Override
    public String examples() {
        return """
                banger vm suspend beta
                banger vm resume beta        # or just: banger vm exec beta COMMAND
                """;
    }
}
