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
        description = "Print a configuration for systemd-resolved with which this host knows NAME.banger.")
public final class NetworkResolvedCommand extends CliCommand {
    @Override
    public int run(Session session) throws IOException {
        try (var daemon = session.connect()) {
            BridgeView bridge = daemon.call(Methods.NETWORK_SHOW, new Nothing()).bridge();
            if (bridge == null) {
                throw new CliFailure("there is no bridge yet", "banger vm create --network bridge");
            }
            session.output().print("""
                    # /etc/systemd/resolved.conf.d/banger.conf; then: systemctl restart systemd-resolved
                    [Resolve]
                    DNS=%s
                    Domains=~%s
                    """.formatted(bridge.nameServers().getFirst(), bridge.domain()));
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
                banger network resolved | sudo tee /etc/systemd/resolved.conf.d/banger.conf
                """;
    }
}
