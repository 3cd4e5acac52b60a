package banger.cli.command;

import banger.wire.rpc.Methods;
import banger.wire.rpc.NetworkMessages.BridgeView;
import banger.wire.rpc.NetworkMessages.GuestView;
import banger.wire.rpc.NetworkMessages.NetworkView;
import banger.wire.rpc.Nothing;
import java.io.IOException;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Option;

/** Shows the bridge that VMs share. */
@CommandDefinition(name = "show", description = "Show the bridge of VMs, their addresses and the ready TAP devices.")
public final class NetworkShowCommand extends CliCommand {
    @Option(name = "format", description = "table (the default) or json")
    String format = "table";

    @Override
    public int run(Session session) throws IOException {
        boolean json = ListOptions.isJson("network show", format);
        try (var daemon = session.connect()) {
            NetworkView view = daemon.call(Methods.NETWORK_SHOW, new Nothing());
            BridgeView bridge = view.bridge();
            if (json) {
                session.output().print(JsonText.object(NetworkView.class, view));
            } else if (bridge == null) {
                session.output().line("there is no bridge: " + view.without());
            } else {
                session.output().print(facts(bridge));
            }
            return 0;
        }
    }

    private static String facts(BridgeView bridge) {
        var facts = new Facts()
                .add("bridge", bridge.name())
                .add("ranges", String.join(", ", bridge.subnets()))
                .add("name servers", String.join(", ", bridge.nameServers()) + " for NAME." + bridge.domain())
                .add("tap devices", bridge.taken() + " taken, " + bridge.ready() + " ready");
        for (GuestView guest : bridge.guests()) {
            String tap = guest.tap() == null ? "not running" : guest.tap();
            facts.add(guest.vm(), String.join(", ", guest.addresses()) + " (" + tap + ")");
        }
        return facts.render();
    }

    @Override
    public String synopsis() {
        return "[--format table|json]";
    }

    @Override
    public String examples() {
        return """
                banger network show
                """;
    }
}
