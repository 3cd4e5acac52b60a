package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.exec.GuestStream;
import banger.cli.exec.StreamOutcome;
import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.StreamOpened;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Joins its standard streams with an SSH server in a VM: what ssh's ProxyCommand wants. */
@CommandDefinition(
        name = "proxy",
        description = "Connect standard input and output to an SSH server in a VM; for ssh's ProxyCommand.\n"
                + "It needs no network in the VM. banger vm ssh and banger ssh-config use it.")
public final class VmProxyCommand extends CliCommand {
    private static final String PATH = "vm proxy";

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String vm = OnlyWord.of(PATH, "a VM", words);
        try (DaemonConnection daemon = session.connect()) {
            StreamOpened opened = daemon.call(Methods.VM_SSH_STREAM, new VmRef(vm));
            GuestStream stream = new GuestStream(daemon.frameReader(), daemon.frameWriter(), opened.channel());
            stream.forward(session.input());
            return switch (stream.run(session.output().out(), session.output().err())) {
                case StreamOutcome.Exited(int status) -> exitCode(vm, status);
                case StreamOutcome.Killed(int signal) -> ExitCode.SIGNAL_BASE + signal;
                case StreamOutcome.OutputClosed() -> ExitCode.OUTPUT_CLOSED;
                case StreamOutcome.Broken(String reason) ->
                    throw new CliFailure("the stream to " + vm + " broke: " + reason, "banger vm show " + vm);
            };
        }
    }

    private static int exitCode(String vm, int status) {
        if (status == ExitCode.NOT_FOUND) {
            throw new CliFailure(
                    vm + " has no SSH server",
                    "banger vm exec " + vm + " -- apt-get install -y openssh-server, or banger vm exec");
        }
        return status;
    }

    @Override
    public String synopsis() {
        return "VM";
    }

    @Override
    public String examples() {
        return """
                ssh -o ProxyCommand='banger vm proxy beta' root@beta
                banger vm proxy beta </dev/null | head -1
                """;
    }
}
