package banger.cli.command;

import banger.cli.session.ExitCode;
import banger.cli.text.Age;
import banger.cli.text.ByteSize;
import banger.wire.rpc.DaemonMessages.DaemonStatus;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import java.io.IOException;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Option;

/** Shows the daemon that runs; it starts none. */
@CommandDefinition(name = "status", description = "Show the daemon; exit 1 where none runs.")
public final class DaemonStatusCommand extends CliCommand {
    @Option(name = "format", description = "table (the default) or json")
    String format = "table";

    @Override
    public int run(Session session) throws IOException {
        boolean json = ListOptions.isJson("daemon status", format);
        var greeted = session.daemon().greetRunning();
        if (greeted == null) {
            session.output().note("no daemon runs; any command starts it");
            return ExitCode.FAILURE;
        }
        try (var daemon = greeted.connection()) {
            DaemonStatus status = daemon.call(Methods.DAEMON_STATUS, new Nothing());
            session.output().print(json ? JsonText.object(DaemonStatus.class, status) : facts(status));
            return ExitCode.OK;
        }
    }

    private static String facts(DaemonStatus status) {
        return new Facts()
                .add("process", status.pid())
                .add("build", status.build())
                .add("protocol", status.protocol())
                .add("up", Age.since(status.startedAt(), System.currentTimeMillis()))
                .add("VMs", status.vmsRunning() + " running of " + status.vmsTotal())
                .add(
                        "operations",
                        status.operationsRunning() + " running"
                                + (status.operationsAside() == 0
                                        ? ""
                                        : ", " + status.operationsAside() + " of the daemon's own"))
                .add("driver", status.driver() + " (" + status.driverReason() + ")")
                .add("memory", ByteSize.format(status.memoryBytes()))
                .add("socket", status.socket())
                .add("state", status.stateFolder())
                .add("data", status.dataFolder())
                .add("log", status.log())
                .render();
    }

    @Override
    public String synopsis() {
        return "[--format table|json]";
    }

    @Override
    public String examples() {
        return """
                banger daemon status
                """;
    }
}
