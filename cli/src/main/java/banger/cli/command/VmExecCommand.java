package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.VmMessages.Exec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** Runs a command in a VM. */
@CommandDefinition(
        name = "exec",
        stopAtFirstPositional = true,
        description =
                "Run a command in a VM, without a shell, and exit with its code. Where the VM has a workspace it\n"
                        + "runs there; where it has mise, through mise exec.\n"
                        + "128+N: signal N ended it. 125: banger failed. 126: not executable. 127: not found.")
public final class VmExecCommand extends CliCommand {
    private static final String PATH = "vm exec";

    @Option(name = "interactive", shortName = 'i', hasValue = false, description = "send standard input to it")
    boolean interactive;

    @Option(name = "tty", shortName = 't', hasValue = false, description = "give it a terminal")
    boolean tty;

    @OptionList(
            name = "env",
            shortName = 'e',
            valueSeparator = '\0',
            description = "NAME=VALUE for its environment, or NAME for the value it has here")
    @Nullable
    List<String> env;

    @Option(
            name = "workdir",
            shortName = 'w',
            description = "where it starts (the VM's workspace, else the user's home)")
    @Nullable
    String workdir;

    @Option(
            name = "user",
            shortName = 'u',
            description = "USER[:GROUP] that runs it, by name or number (the image's user, else root)")
    @Nullable
    String user;

    @Option(
            name = "no-mise",
            hasValue = false,
            description = "do not put mise exec -- before it, where the guest has mise")
    boolean noMise;

    @Option(
            name = "auto-prepare",
            hasValue = false,
            description = "first prepare the workspace again, where the host's repository has changed")
    boolean autoPrepare;

    @Arguments(index = "0..*", description = "the VM, the command and its arguments")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        List<String> rest = words;
        if (rest.isEmpty() || rest.getFirst().isEmpty()) {
            throw CliFailure.usage(PATH, "give a VM and a command");
        }
        String vm = rest.getFirst();
        if (vm.startsWith("-")) {
            throw CliFailure.usage(PATH, "unknown option \"" + vm + "\"");
        }
        List<String> argv = rest.subList(1, rest.size());
        if (!argv.isEmpty() && argv.getFirst().equals("--")) {
            argv = argv.subList(1, argv.size());
        }
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw CliFailure.usage(PATH, "give a command to run in " + vm);
        }
        if (tty && interactive && !session.terminals().input()) {
            throw CliFailure.usage(PATH, "-t with -i needs a terminal on standard input; leave out -t");
        }
        List<String> variables = environment(session);
        if (autoPrepare) {
            AutoPrepare.run(session, vm);
        }
        return new GuestCommand(session)
                .run(new Exec(vm, argv, variables, workdir, user, tty, interactive, 0, 0, true, !noMise));
    }

    private List<String> environment(Session session) {
        List<String> result = new ArrayList<>();
        for (String entry : env == null ? List.<String>of() : env) {
            String value = session.environment().get(entry);
            if (entry.startsWith("=") || entry.isEmpty()) {
                throw CliFailure.usage(PATH, "-e takes NAME=VALUE or NAME, not \"" + entry + "\"");
            }
            if (entry.indexOf('=') > 0) {
                result.add(entry);
            } else if (value != null) {
                result.add(entry + "=" + value);
            }
        }
        return result;
    }

    @Override
    public int exitCodeOf(CliFailure failure) {
        return GuestCommand.exitCodeOf(failure);
    }

    @Override
    public String synopsis() {
        return "[-i] [-t] [-e NAME=VALUE]... [-w DIR] [-u USER] VM [--] COMMAND [ARGUMENT]...";
    }

    @Override
    public String examples() {
        return """
                banger vm exec beta uname -a
                banger vm exec --auto-prepare beta make test
                banger vm exec -it beta bash -l
                tar c src | banger vm exec -i -w /srv beta tar x
                """;
    }
}
