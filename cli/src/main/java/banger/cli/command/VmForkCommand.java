package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.text.Age;
import banger.wire.rpc.FreezeMessages.ForkVm;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Makes running copies of a running VM. */
@CommandDefinition(
        name = "fork",
        description =
                "Make running copies of a running VM, with its processes and unsaved memory, each with an identity"
                        + " of its own. The VM is paused for a moment, and goes on. Prints the copies' names.")
public final class VmForkCommand extends CliCommand {
    @Arguments(index = "0..*", description = "the VM, then a name for each copy; without one: one copy of any name")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.isEmpty()) {
            throw CliFailure.usage("vm fork", "give a VM");
        }
        var request = new ForkVm(words.getFirst(), words.subList(1, words.size()));
        try (var daemon = session.connect()) {
            OperationView view = Foreground.follow(session, daemon, daemon.call(Methods.VM_FORK, request));
            for (String name : view.stages().getLast().text().split(" ")) {
                session.output().line(name);
            }
            session.output().note("forked in " + Age.elapsed(view.elapsedMillis()));
            return 0;
        }
    }

    @Override
    public String synopsis() {
        return "VM [NAME...]";
    }

    @Override
    public String examples() {
        return """
                banger vm fork beta
                banger vm fork beta try-1 try-2 try-3
                """;
    }
}
