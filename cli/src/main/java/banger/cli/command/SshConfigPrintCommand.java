package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Prints the ssh configuration that banger keeps. */
@CommandDefinition(name = "print", description = "Print the ssh configuration of every VM, as banger keeps it.")
public final class SshConfigPrintCommand extends CliCommand {
    private static final String PATH = "ssh-config print";

    @Arguments(index = "0..*", description = "nothing")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (!words.isEmpty()) {
            throw CliFailure.usage(PATH, "unexpected \"" + words.getFirst() + "\"");
        }
        try (var daemon = session.connect()) {
            session.output()
                    .print(daemon.call(Methods.SSH_CONFIG, new Nothing()).text());
        }
        return ExitCode.OK;
    }

    @Override
    public String synopsis() {
        return "";
    }

    @Override
    public String examples() {
        return """
                banger ssh-config print
                banger ssh-config print > vms && scp -F vms notes.txt beta.banger:
                """;
    }
}
