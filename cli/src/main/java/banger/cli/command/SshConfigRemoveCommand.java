package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.cli.ssh.UserSshConfig;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Takes banger's line out of the user's ssh configuration. */
@CommandDefinition(
        name = "remove",
        description = "Take the line that ssh-config install added out of ~/.ssh/config, and nothing else.")
public final class SshConfigRemoveCommand extends CliCommand {
    private static final String PATH = "ssh-config remove";

    @Option(name = "file", description = "the ssh configuration to change (~/.ssh/config)")
    @Nullable
    String file;

    @Arguments(index = "0..*", description = "nothing")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) {
        if (!words.isEmpty()) {
            throw CliFailure.usage(PATH, "unexpected \"" + words.getFirst() + "\"");
        }
        UserSshConfig config = SshConfigFile.of(session, file);
        boolean changed = config.remove();
        session.output()
                .line(config.file()
                        + (changed ? ": no longer includes " : ": does not include ")
                        + session.places().sshConfig());
        return ExitCode.OK;
    }

    @Override
    public String synopsis() {
        return "[--file FILE]";
    }

    @Override
    public String examples() {
        return "banger ssh-config remove";
    }
}
