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
                    local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} offered=
                    local place="${COMP_WORDS[1]} ${COMP_WORDS[2]} ${COMP_WORDS[3]} "
                    case "$place" in
                """);
        for (String path : Commands.PATHS) {
            text.append("        \"").append(path).append(" \"*) offered=\"");
            text.append(String.join(" ", options(path))).append(bashWords(CompletionWords.ofPath(path)));
            text.append("\" ;;\n");
        }
        text.append("    esac\n    case \"$before \" in\n");
        CompletionWords.OF_OPTIONS.forEach((option, words) -> text.append("        \"")
                .append(option)
                .append(" \") [[ $offered == *")
                .append(option)
                .append("* ]] && offered=\"")
                .append(bashWords(words).strip())
                .append("\" ;;\n"));
        text.append("    esac\n");
        groups().forEach((group, members) -> text.append("    [[ $COMP_CWORD == ")
                .append(depth(group) + 1)
                .append(" && $place == \"")
                .append(group)
                .append(" \"* ]] && offered=\"")
                .append(String.join(" ", members))
                .append("\"\n"));
        return text.append("    [[ $COMP_CWORD == 1 ]] && offered=\"")
                .append(String.join(" ", firstWords()))
                .append("\"\n")
                .append("""
                            COMPREPLY=($(compgen -W "$offered" -- "$cur"))
                        }
                        complete -o default -F _banger banger
                        """)
                .toString();
    }

    /** The bash one, behind zsh's own bridge (there $path and $words are the shell's); as an autoloaded function it has to answer the first call as well. */
    static String zsh() {
        return "#compdef banger\nautoload -U +X bashcompinit && bashcompinit\n" + bash()
                + "[[ $funcstack[1] == _banger ]] && _bash_complete -o default -F _banger\n";
    }

    static String fish() {
        StringBuilder text = new StringBuilder("""
                # fish completion for banger
                function __banger_at
                    set -l words (commandline -opc) ''
                    set -l last (math (count $argv) + 1)
                    test "$words[2..$last]" = "$argv"
                end
                function __banger_after
                    set -l words (commandline -opc)
                    test "$words[-1]" = "$argv"
                end
                """);
        text.append("complete -c banger -n 'test (count (commandline -opc)) = 1' -f -a '")
                .append(String.join(" ", firstWords()))
                .append("'\n");
        groups().forEach((group, members) -> text.append("complete -c banger -n 'test (count (commandline -opc)) = ")
                .append(depth(group) + 1)
                .append("; and __banger_at ")
                .append(group)
                .append("' -f -a '")
                .append(String.join(" ", members))
                .append("'\n"));
        for (String path : Commands.PATHS) {
            text.append("complete -c banger -n '__banger_at ").append(path).append("' -a '");
            text.append(String.join(" ", options(path))).append(fishWords(CompletionWords.ofPath(path)));
            text.append("'\n");
        }
        CompletionWords.OF_OPTIONS.forEach((option, words) -> text.append("complete -c banger -n '__banger_after ")
                .append(option)
                .append("' -a '")
                .append(fishWords(words).strip())
                .append("'\n"));
        return text.toString();
    }

    private static String bashWords(CompletionWords words) {
        return switch (words) {
            case CompletionWords.None() -> "";
            case CompletionWords.Fixed(String text) -> " " + text;
            case CompletionWords.Names(String kind) -> " $(banger " + NamesCommand.PATH + " " + kind + " 2>/dev/null)";
        };
    }

    private static String fishWords(CompletionWords words) {
        return bashWords(words).replace("$(", "(");
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

    /** The words that go on from each group, the groups of groups among them. */
    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (String path : Commands.PATHS) {
            for (int space = path.indexOf(' '); space > 0; space = path.indexOf(' ', space + 1)) {
                List<String> members = groups.computeIfAbsent(path.substring(0, space), group -> new ArrayList<>());
                String member = path.substring(space + 1).split(" ")[0];
                if (!members.contains(member)) {
                    members.add(member);
                }
            }
        }
        return groups;
    }

    private static int depth(String group) {
        return group.split(" ").length;
    }

    private static List<String> firstWords() {
        List<String> words = new ArrayList<>();
        groups().keySet().stream().filter(group -> depth(group) == 1).forEach(words::add);
        Commands.PATHS.stream().filter(path -> path.indexOf(' ') < 0).forEach(words::add);
        return words;
    }
}
