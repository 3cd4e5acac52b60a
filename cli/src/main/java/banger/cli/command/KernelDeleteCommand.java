package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.KernelMessages.KernelRef;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Deletes kernels that nothing uses. */
@CommandDefinition(name = "delete", description = "Delete kernels. Refused while an image or a VM uses one.")
public final class KernelDeleteCommand extends CliCommand {
    private static final String PATH = "kernel delete";

    @Arguments(index = "0..*", description = "kernels' names, or prefixes of them")
    List<String> kernels = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (kernels.isEmpty()) {
            throw CliFailure.usage(PATH, "give names of kernels");
        }
        boolean failed = false;
        try (var daemon = session.connect()) {
            for (String kernel : kernels) {
                try {
                    daemon.call(Methods.KERNEL_DELETE, new KernelRef(kernel));
                    session.output().line(kernel + ": deleted");
                } catch (CliFailure e) {
                    failed = true;
                    session.output().failure(e);
                }
            }
        }
        return failed ? ExitCode.FAILURE : ExitCode.OK;
    }

    @Override
    public String synopsis() {
        return "KERNEL...";
    }

    @Override
    public String examples() {
        return "banger kernel delete void-6.6.63_1";
    }
}
