package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.text.Age;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;

/** Creates a VM and starts it. */
@CommandDefinition(
        name = "create",
        description = "Create a VM and start it. Prints its name; progress goes to standard error.")
public final class VmCreateCommand extends CliCommand {
    private static final String PATH = "vm create";

    @Mixin
    CreateOptions options = new CreateOptions();

    @Option(name = "detach", shortName = 'd', hasValue = false, description = "print the operation's id and return")
    boolean detach;

    @Arguments(index = "0..*", description = "none")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (!words.isEmpty()) {
            throw CliFailure.usage(PATH, "unexpected \"" + words.getFirst() + "\"; a name is given with --name");
        }
        var request = options.request(PATH);
        try (var daemon = session.connect()) {
            var operation = daemon.call(Methods.VM_CREATE, request);
            if (detach) {
                session.output().line(operation.operation());
                return 0;
            }
            var view = Foreground.follow(session, daemon, operation);
            session.output().line(view.subject());
            session.output()
                    .note("created in " + Age.elapsed(view.elapsedMillis()) + "; try: banger vm exec -it "
                            + view.subject() + " bash -l");
            return 0;
        }
    }

    @Override
    public String synopsis() {
        return "[options]";
    }

    @Override
    public String examples() {
        return """
                banger vm create --name beta --vcpu 2 --memory 2G
                banger vm create --publish 8080:80
                vm=$(banger vm create) && banger vm exec $vm uname -a
                """;
    }
}
