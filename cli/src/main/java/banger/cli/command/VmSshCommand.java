package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.exec.ProgramInPlace;
import banger.cli.session.CliFailure;
import banger.wire.rpc.Methods;
import banger.wire.rpc.SshMessages.SshAccess;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Becomes the host's ssh, connected to a VM. */
@CommandDefinition(
        name = "ssh",
        description = "Log in to a VM with the host's ssh, or run COMMAND there in the user's shell.\n"
                + "Exits as ssh does: with the command's code, or 255 where something failed before.")
public final class VmSshCommand extends CliCommand {
    private static final String PATH = "vm ssh";
    private static final int SSH_FAILURE = 255;

    @Option(name = "agent", shortName = 'A', hasValue = false, description = "forward your SSH agent into the VM")
    boolean agent;

    @Option(name = "tty", shortName = 't', hasValue = false, description = "give COMMAND a terminal")
    boolean tty;

    @Option(name = "user", shortName = 'u', description = "who to log in as (root)")
    @Nullable
    String user;

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    private List<String> command = List.of();

    /** What stands behind the first {@code --} is the command's, whatever it looks like. */
    @Override
    public List<String> takeOwnWords(List<String> line) {
        int separator = line.indexOf("--");
        if (separator < 0) {
            return line;
        }
        command = List.copyOf(line.subList(separator + 1, line.size()));
        return line.subList(0, separator);
    }

    @Override
    public int run(Session session) throws IOException {
        if (words.size() > 1) {
            throw CliFailure.usage(PATH, "unexpected \"" + words.get(1) + "\"; a command stands behind --");
        }
        String vm = OnlyWord.of(PATH, "a VM", words);
        Path ssh = ProgramInPlace.find("ssh", session.environment());
        if (ssh == null) {
            throw new CliFailure("the program ssh is not installed", "sudo apt-get install openssh-client");
        }
        SshAccess access;
        try (DaemonConnection daemon = session.connect()) {
            access = daemon.call(Methods.VM_SSH, new VmRef(vm));
        }
        throw ProgramInPlace.become(ssh, arguments(access), session.environment());
    }

    private List<String> arguments(SshAccess access) {
        // Only banger's configuration: what the user's own says for every host, such as a jump host, is not for VMs.
        List<String> line = new ArrayList<>(List.of("ssh", "-F", access.config()));
        if (agent) {
            line.add("-A");
        }
        if (tty) {
            line.add("-t");
        }
        if (user != null) {
            line.addAll(List.of("-l", user));
        }
        line.addAll(List.of("--", access.host()));
        line.addAll(command);
        return line;
    }

    @Override
    public int exitCodeOf(CliFailure failure) {
        return SSH_FAILURE;
    }

    @Override
    public String synopsis() {
        return "VM [-A] [-t] [-u USER] [-- COMMAND [ARGUMENT]...]";
    }

    @Override
    public String examples() {
        return """
                banger vm ssh beta
                banger vm ssh beta -A -- git -C repo push
                banger vm ssh beta -- 'ps aux | head'
                """;
    }
}
