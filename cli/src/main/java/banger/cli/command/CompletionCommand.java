package banger.cli.command;

import banger.cli.session.CliFailure;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Prints a completion script for a shell. */
@CommandDefinition(name = "completion", description = "Print the completion script for bash, zsh or fish.")
public final class CompletionCommand extends CliCommand {
    @Arguments(index = "0..*", description = "bash, zsh or fish")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) {
        String shell = OnlyWord.of("completion", "a shell: bash, zsh or fish", words);
        session.output()
                .print(
                        switch (shell) {
                            case "bash" -> CompletionScript.bash();
                            case "zsh" -> CompletionScript.zsh();
                            case "fish" -> CompletionScript.fish();
                            default ->
                                throw CliFailure.usage(
                                        "completion", "no script for \"" + shell + "\"; there are bash, zsh and fish");
                        });
        return 0;
    }

    @Override
    public String synopsis() {
        return "bash|zsh|fish";
    }

    @Override
    public String examples() {
        return """
                source <(banger completion bash)
                banger completion zsh > ~/.zfunc/_banger
                banger completion fish > ~/.config/fish/completions/banger.fish
                """;
    }
}
