package banger.cli.command;

import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.StartVm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;

/** Starts VMs that are stopped, and resumes those that are suspended. */
@CommandDefinition(name = "start", description = "Start VMs; one that is suspended goes on where it was.")
public final class VmStartCommand extends CliCommand {
    @Option(name = "all", shortName = 'a', hasValue = false, description = "all VMs")
    boolean all;

    @Option(
            name = "cold",
            hasValue = false,
            description = "boot a suspended VM: its processes and what they had not saved are lost")
    boolean cold;

    @Arguments(index = "0..*", description = "names, ids or prefixes of them")
    List<String> vms = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        return new ManyVms("vm start", "started")
                .run(session, vms, all, (daemon, vm) -> daemon.call(Methods.VM_START, new StartVm(vm, cold)));
    }

    @Override
    public String synopsis() {
        return "[--cold] VM... | --all";
    }

    @Override
    public String examples() {
        return """
                banger vm start beta gamma
                banger vm start --all
                """;
    }
}
