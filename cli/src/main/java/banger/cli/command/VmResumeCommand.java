package banger.cli.command;

import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Lets suspended VMs go on. */
@CommandDefinition(name = "resume", description = "Let suspended VMs go on where they were.")
public final class VmResumeCommand extends CliCommand {
    @Arguments(index = "0..*", description = "names, ids or prefixes of them")
    List<String> vms = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        return new ManyVms("vm resume", "resumed")
                .run(session, vms, false, (daemon, vm) -> daemon.call(Methods.VM_RESUME, new VmRef(vm)));
    }

    @Override
    public String synopsis() {
        return "VM...";
    }

    @Override
    public String examples() {
        return """
                banger vm resume beta gamma
                """;
    }
}
