package banger.cli.command;

import banger.cli.session.CliFailure;
import java.io.IOException;
import java.util.List;
import org.aesh.command.Command;
import org.aesh.command.CommandResult;
import org.aesh.command.invocation.CommandInvocation;
import org.aesh.command.option.Option;

/**
 * A command of the CLI: its annotated fields hold what the command line said.
 *
 * <p>Only AEsh's parser is used. Its runtime would bring a registry and a terminal, whose start costs more than most
 * commands; so {@link #run} is called in place of {@link #execute}.
 */
public abstract class CliCommand implements Command<CommandInvocation> {
    @Option(name = "help", shortName = 'h', hasValue = false, description = "print this help")
    boolean help;

    /** Takes the words that are not for the parser, and returns those that are. */
    public List<String> takeOwnWords(List<String> words) {
        return words;
    }

    /** Does the work. @return the exit code */
    public abstract int run(Session session) throws IOException;

    /** What stands behind the command's path in its usage line, such as {@code "[options] VM..."}. */
    public abstract String synopsis();

    /** Example command lines, one a line. */
    public abstract String examples();

    /** The code to exit with after a failure; commands that pass a guest's code on keep their own ones apart. */
    public int exitCodeOf(CliFailure failure) {
        return failure.exitCode();
    }

    @Override
    public final CommandResult execute(CommandInvocation invocation) {
        throw new UnsupportedOperationException("banger runs its commands itself");
    }
}
