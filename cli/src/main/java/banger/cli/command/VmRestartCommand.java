package banger.cli.command;

import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.StopVm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Shuts VMs down and starts them again. */
@CommandDefinition(name = "restart", description = "Shut VMs down and start them again.")
public final class VmRestartCommand extends CliCommand {
    private static final String PATH = "vm restart";
    private static final int MOST_GRACE_SECONDS = 3600;

    @Option(name = "all", shortName = 'a', hasValue = false, description = "all VMs")
    boolean all;

    @Option(name = "grace", shortName = 'g', description = "how long the guest may take before it is forced off")
    @Nullable
    String grace;

    @Arguments(index = "0..*", description = "names, ids or prefixes of them")
    List<String> vms = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        Integer seconds = grace == null ? null : Numbers.between(PATH, "--grace", grace, 0, MOST_GRACE_SECONDS);
        return new ManyVms(PATH, "restarted")
                .run(session, vms, all, (daemon, vm) -> daemon.call(Methods.VM_RESTART, new StopVm(vm, seconds)));
    }

    @Override
    public String synopsis() {
        return "[--grace SECONDS] VM... | --all";
    }

    @Override
    public String examples() {
        return """
                banger vm restart beta gamma
                banger vm restart --all --grace 60
                """;
    }
}
