package banger.cli;

import banger.cli.command.CliCommand;
import banger.cli.command.CommandLine;
import banger.cli.command.Commands;
import banger.cli.command.HelpText;
import banger.cli.command.QuickReference;
import banger.cli.command.Session;
import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the command that the words name, runs it, and tells the user what went wrong. */
final class Dispatch {
    private final Session session;

    Dispatch(Session session) {
        this.session = session;
    }

    /** @return the exit code */
    int run(List<String> words) {
        String group = "";
        int pathWords = 1;
        while (words.size() >= pathWords && Commands.isGroup((group + " " + words.get(pathWords - 1)).strip())) {
            group = (group + " " + words.get(pathWords - 1)).strip();
            pathWords++;
        }
        if (words.size() > pathWords && words.get(pathWords - 1).equals("help")) {
            // As git and docker have it: help stands before the command.
            List<String> asked = new ArrayList<>(words);
            asked.remove(pathWords - 1);
            asked.add("--help");
            return run(asked);
        }
        if (words.size() < pathWords || isHelp(words.get(pathWords - 1))) {
            session.output().print(QuickReference.of(group));
            return ExitCode.OK;
        }
        String last = words.get(pathWords - 1);
        String path = last.equals("--version") && group.isEmpty() ? "version" : (group + " " + last).strip();
        CliCommand command = Commands.of(path);
        if (command == null) {
            session.output().failure(new CliFailure("there is no command \"" + path + "\"", suggestion(group, last)));
            return ExitCode.USAGE;
        }
        return run(path, command, words.subList(pathWords, words.size()));
    }

    private int run(String path, CliCommand command, List<String> words) {
        try {
            if (CommandLine.parse(path, command, words)) {
                return command.run(session);
            }
            session.output().print(HelpText.of(path, command));
            return ExitCode.OK;
        } catch (CliFailure e) {
            return fail(command, e);
        } catch (IOException e) {
            return fail(
                    command,
                    new CliFailure(
                            path + ": the daemon cannot be spoken to: " + e.getMessage(), "banger daemon status"));
        } catch (RuntimeException e) {
            return fail(command, new CliFailure(path + ": a fault of banger's own: " + e + trace(e), null));
        }
    }

    private int fail(CliCommand command, CliFailure failure) {
        if (failure.exitCode() != ExitCode.OUTPUT_CLOSED) {
            session.output().failure(failure);
        }
        return command.exitCodeOf(failure);
    }

    /** The stack trace, for those who ask for it. */
    private String trace(RuntimeException e) {
        if (!session.environment().containsKey("BANGER_DEBUG")) {
            return " (BANGER_DEBUG=1 shows where)";
        }
        StringBuilder text = new StringBuilder();
        for (StackTraceElement element : e.getStackTrace()) {
            text.append("\n    at ").append(element);
        }
        return text.toString();
    }

    /** The command of another group that ends with that word, else what there is. */
    private static String suggestion(String group, String word) {
        return Commands.PATHS.stream()
                .filter(path -> path.endsWith(" " + word))
                .findFirst()
                .map(path -> "banger " + path)
                .orElse(group.isEmpty() ? "banger --help" : "banger " + group);
    }

    private static boolean isHelp(String word) {
        return word.equals("--help") || word.equals("-h") || word.equals("help");
    }
}
