package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;

/** Puts a host repository into a VM, or what has changed in it. */
@CommandDefinition(
        name = "prepare",
        description =
                "Put the git repository at PATH (here, where none is given) into a VM, as it is: commits, index,\n"
                        + "changed and new files. Again, it sends what has changed, and refuses to discard work of the guest.")
public final class WorkspacePrepareCommand extends CliCommand {
    private static final String PATH = "vm workspace prepare";

    @Mixin
    WorkspaceOptions options = new WorkspaceOptions();

    @Option(
            name = "detach",
            shortName = 'd',
            hasValue = false,
            description = "return at once, and leave it to the daemon")
    boolean detach;

    @Arguments(index = "0..*", description = "the VM, and the path of a git repository")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.isEmpty() || words.size() > 2) {
            throw CliFailure.usage(PATH, "give a VM, and perhaps the path of a git repository");
        }
        if (options.from != null && options.branch == null) {
            throw CliFailure.usage(PATH, "--from goes with --branch");
        }
        Path repository = Checkout.existing(PATH, words.size() == 2 ? words.get(1) : ".");
        try (var daemon = session.connect()) {
            var operation = daemon.call(Methods.WORKSPACE_PREPARE, options.request(words.getFirst(), repository));
            if (detach) {
                session.output().print(operation.operation() + "\n");
                return 0;
            }
            Foreground.follow(session, daemon, operation);
            return 0;
        }
    }

    @Override
    public String synopsis() {
        return "[options] VM [PATH]";
    }

    @Override
    public String examples() {
        return """
                banger vm workspace prepare beta
                banger vm workspace prepare beta ~/src/project --mode full
                banger vm workspace prepare beta --branch topic --from main
                """;
    }
}
