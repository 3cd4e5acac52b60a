package banger.cli.command;

import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;

/** Deletes VMs and all they own. */
@CommandDefinition(name = "delete", description = "Delete VMs: their disks and all that is on them.")
public final class VmDeleteCommand extends CliCommand {
    @Option(name = "all", shortName = 'a', hasValue = false, description = "all VMs")
    boolean all;

    @Arguments(index = "0..*", description = "names, ids or prefixes of them")
    List<String> vms = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        return new ManyVms("vm delete", "deleted")
                .run(session, vms, all, (daemon, vm) -> daemon.call(Methods.VM_DELETE, new VmRef(vm)));
    }

    @Override
    public String synopsis() {
        return "VM... | --all";
    }

    @Override
    public String examples() {
        return """
                banger vm delete beta gamma
                banger vm delete --all
                """;
    }
}
