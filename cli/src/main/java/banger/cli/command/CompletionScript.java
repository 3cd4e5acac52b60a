package banger.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aesh.command.impl.internal.ProcessedOption;

/**
 * Completion scripts, made from the commands themselves.
 *
 * <p>AEsh's own generators know neither the words of {@code --format} nor the names of VMs, and ask for a program to be
 * started on each key; here only names do.
 */
final class CompletionScript {
    private CompletionScript() {}

    static String bash() {
        StringBuilder text = new StringBuilder("""
                # bash completion for banger
                _banger() {
                    local cur=${COMP_WORDS[COMP_CWORD]} words=
                    case "${COMP_WORDS[1]} ${COMP_WORDS[2]}" in
                """);
        text.append("        \"vm workspace\") words=\"prepare export show --patch --branch --mode --force")
                .append(names("vm show"))
                .append("\" ;;\n");
        for (String path : Commands.PATHS) {
            String pattern = path.indexOf(' ') < 0 ? "\"" + path + " \"*" : "\"" + path + "\"";
            text.append("        ").append(pattern).append(") words=\"").append(String.join(" ", options(path)));
            text.append(names(path)).append("\" ;;\n");
        }
        text.append("    esac\n");
        groups().forEach((group, members) -> text.append("    [[ $COMP_CWORD == 2 && ${COMP_WORDS[1]} == ")
                .append(group)
                .append(" ]] && words=\"")
                .append(String.join(" ", members))
                .append("\"\n"));
        return text.append("    [[ $COMP_CWORD == 1 ]] && words=\"")
                .append(String.join(" ", firstWords()))
                .append("\"\n")
                .append("""
                            COMPREPLY=($(compgen -W "$words" -- "$cur"))
                        }
                        complete -o default -F _banger banger
                        """)
                .toString();
    }

    static String zsh() {
        return "#compdef banger\nautoload -U +X bashcompinit && bashcompinit\n" + bash();
    }

    static String fish() {
        StringBuilder text = new StringBuilder("""
                # fish completion for banger
                function __banger_at
                    set -l words (commandline -opc) ''
                    test "$words[2..(math (count $argv) + 1)]" = "$argv"
                end
                """);
        text.append("complete -c banger -n 'test (count (commandline -opc)) = 1' -f -a '")
                .append(String.join(" ", firstWords()))
                .append("'\n");
        groups().forEach((group, members) -> text.append(
                        "complete -c banger -n 'test (count (commandline -opc)) = 2; and __banger_at ")
                .append(group)
                .append("' -f -a '")
                .append(String.join(" ", members))
                .append("'\n"));
        for (String path : Commands.PATHS) {
            String names = names(path).strip();
            text.append("complete -c banger -n '__banger_at ").append(path).append("' -a '");
            text.append((String.join(" ", options(path)) + " " + names.replace("$(", "(")).strip())
                    .append("'\n");
        }
        return text.toString();
    }

    /** The shell's words for a command's object: a call that prints names, or nothing. */
    private static String names(String path) {
        String kind = switch (path) {
            case "vm show",
                    "vm start",
                    "vm stop",
                    "vm restart",
                    "vm kill",
                    "vm delete",
                    "vm exec",
                    "vm logs",
                    "vm ports",
                    "vm stats",
                    "vm workspace prepare",
                    "vm workspace export",
                    "vm workspace show",
                    "vm ssh",
                    "vm cp",
                    "vm port-forward",
                    "vm proxy",
                    "vm set" -> "vm";
            case "image show", "image bootstrap", "image promote", "image push" -> "image";
            case "kernel show", "kernel default", "kernel delete" -> "kernel";
            case "operation watch", "operation cancel" -> "operation";
            default -> "";
        };
        if (path.equals("completion")) {
            return " bash zsh fish";
        }
        return kind.isEmpty() ? "" : " $(banger " + NamesCommand.PATH + " " + kind + " 2>/dev/null)";
    }

    private static List<String> options(String path) {
        List<String> result = new ArrayList<>();
        CliCommand command = Commands.of(path);
        if (command != null) {
            for (ProcessedOption option : CommandLine.describe(command).getOptions()) {
                result.add("--" + option.name());
                String shortName = HelpText.shortNameOf(option);
                if (shortName != null) {
                    result.add("-" + shortName);
                }
            }
        }
        return result;
    }

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (String path : Commands.PATHS) {
            int space = path.indexOf(' ');
            if (space > 0) {
                List<String> members = groups.computeIfAbsent(path.substring(0, space), group -> new ArrayList<>());
                String member = path.substring(space + 1).split(" ")[0];
                if (!members.contains(member)) {
                    members.add(member);
                }
            }
        }
        return groups;
    }

    private static List<String> firstWords() {
        List<String> words = new ArrayList<>(groups().keySet());
        Commands.PATHS.stream().filter(path -> path.indexOf(' ') < 0).forEach(words::add);
        return words;
    }
}
