package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.Methods;
import banger.wire.rpc.NetworkMessages.BridgeView;
import banger.wire.rpc.Nothing;
import java.io.IOException;
import org.aesh.command.CommandDefinition;

/** Prints what makes the host's systemd-resolved ask the daemon for names of VMs. */
@CommandDefinition(
        name = "resolved",
        description = "Print the commands with which this host's systemd-resolved knows NAME.banger.")
public final class NetworkResolvedCommand extends CliCommand {
    @Override
    public int run(Session session) throws IOException {
        try (var daemon = session.connect()) {
            BridgeView bridge = daemon.call(Methods.NETWORK_SHOW, new Nothing()).bridge();
            if (bridge == null) {
                throw new CliFailure("there is no bridge yet", "banger vm create --network bridge");
            }
            session.output()
                    .print("""
                    # Until the bridge goes, as it does when the daemon ends and no vm runs on it.
                    resolvectl dns %1$s %2$s
                    resolvectl domain %1$s '~%3$s'
                    resolvectl default-route %1$s no
                    """.formatted(bridge.name(), bridge.nameServers().getFirst(), bridge.domain()));
            return 0;
        }
    }

    @Override
    public String synopsis() {
        return "";
    }

    @Override
    public String examples() {
        return """
                banger network resolved | sudo sh
                """;
    }
}
