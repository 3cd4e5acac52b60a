package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.cli.ssh.UserSshConfig;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.SshMessages.SshConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Makes the user's ssh configuration include the one that banger keeps. */
@CommandDefinition(
        name = "install",
        description = "Let ssh, scp, rsync and editors reach every VM as NAME.banger.\n"
                + "It adds one Include line at the top of ~/.ssh/config and changes nothing else.")
public final class SshConfigInstallCommand extends CliCommand {
    private static final String PATH = "ssh-config install";

    @Option(name = "file", description = "the ssh configuration to change (~/.ssh/config)")
    @Nullable
    String file;

    @Arguments(index = "0..*", description = "nothing")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (!words.isEmpty()) {
            throw CliFailure.usage(PATH, "unexpected \"" + words.getFirst() + "\"");
        }
        SshConfig kept;
        try (var daemon = session.connect()) {
            kept = daemon.call(Methods.SSH_CONFIG, new Nothing());
        }
        if (!Path.of(kept.config()).equals(session.places().sshConfig())) {
            throw new CliFailure(
                    "the daemon keeps its ssh configuration in " + kept.config() + ", this environment says "
                            + session.places().sshConfig(),
                    "banger daemon restart, or set XDG_CONFIG_HOME as the daemon has it");
        }
        UserSshConfig config = SshConfigFile.of(session, file);
        boolean changed = config.install();
        session.output().line(config.file() + (changed ? ": included " : ": already includes ") + kept.config());
        SshConfigFile.warnOfHome(session, file);
        if (!kept.hosts().isEmpty()) {
            session.output().note("next: ssh " + kept.hosts().getFirst());
        }
        return ExitCode.OK;
    }

    @Override
    public String synopsis() {
        return "[--file FILE]";
    }

    @Override
    public String examples() {
        return """
                banger ssh-config install
                banger ssh-config install --file ~/.ssh/config.d/vms
                """;
    }
}
