package banger.cli.command;

import banger.cli.text.Table;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;

/** Lists a VM's published ports. */
@CommandDefinition(name = "ports", description = "List a VM's published ports.")
public final class VmPortsCommand extends CliCommand {
    private static final String PATH = "vm ports";

    @Mixin
    ListOptions list = new ListOptions();

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json(PATH);
        VmRef ref = new VmRef(OnlyWord.of(PATH, "a VM", words));
        try (var daemon = session.connect()) {
            List<Publish> ports = daemon.call(Methods.VM_SHOW, ref).publish();
            session.output()
                    .print(list.quiet ? addresses(ports) : json ? JsonText.array(Publish.class, ports) : table(ports));
            return 0;
        }
    }

    private static String table(List<Publish> ports) {
        Table table = new Table("HOST", ">GUEST PORT");
        for (Publish port : ports) {
            table.row(address(port), Integer.toString(port.guestPort()));
        }
        return table.render();
    }

    private static String addresses(List<Publish> ports) {
        StringBuilder text = new StringBuilder();
        for (Publish port : ports) {
            text.append(address(port)).append('\n');
        }
        return text.toString();
    }

    private static String address(Publish port) {
        return port.hostAddress() + ":" + port.hostPort();
    }

    @Override
    public String synopsis() {
        return "[--format table|json] [-q] VM";
    }

    @Override
    public String examples() {
        return """
                banger vm ports beta
                curl http://$(banger vm ports -q beta)/
                """;
    }
}
