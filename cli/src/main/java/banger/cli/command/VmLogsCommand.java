package banger.cli.command;

import banger.cli.exec.GuestStream;
import banger.cli.exec.StreamOutcome;
import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.Logs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Prints a VM's console log. */
@CommandDefinition(name = "logs", description = "Print what a VM wrote to its console.")
public final class VmLogsCommand extends CliCommand {
    private static final String PATH = "vm logs";

    @Option(name = "follow", shortName = 'f', hasValue = false, description = "go on as more is written")
    boolean follow;

    @Option(name = "lines", shortName = 'n', description = "only the last lines")
    @Nullable
    String lines;

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String vm = OnlyWord.of(PATH, "a VM", words);
        Integer last = lines == null ? null : Numbers.between(PATH, "--lines", lines, 0, Integer.MAX_VALUE);
        try (var daemon = session.connect()) {
            var opened = daemon.call(Methods.VM_LOGS, new Logs(vm, last, follow));
            var stream = new GuestStream(daemon.frameReader(), daemon.frameWriter(), opened.channel());
            return switch (stream.run(session.output().out(), session.output().err())) {
                case StreamOutcome.Exited(int status) -> status;
                case StreamOutcome.Killed(int signal) -> ExitCode.SIGNAL_BASE + signal;
                case StreamOutcome.OutputClosed() -> ExitCode.OUTPUT_CLOSED;
                case StreamOutcome.Broken(String reason) ->
                    throw new CliFailure("the log of " + vm + " broke off: " + reason, null);
            };
        }
    }

    @Override
    public String synopsis() {
        return "[-f] [-n LINES] VM";
    }

    @Override
    public String examples() {
        return """
                banger vm logs beta
                banger vm logs -f -n 20 beta
                """;
    }
}
