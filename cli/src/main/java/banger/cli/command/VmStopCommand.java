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

/** Shuts VMs down. */
@CommandDefinition(
        name = "stop",
        description = "Shut VMs down: asks the guest, and forces it off after a grace period.")
public final class VmStopCommand extends CliCommand {
    private static final String PATH = "vm stop";
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
        return new ManyVms(PATH, "stopped")
                .run(session, vms, all, (daemon, vm) -> daemon.call(Methods.VM_STOP, new StopVm(vm, seconds)));
    }

    @Override
    public String synopsis() {
        return "[--grace SECONDS] VM... | --all";
    }

    @Override
    public String examples() {
        return """
                banger vm stop beta gamma
                banger vm stop --all --grace 60
                """;
    }
}
