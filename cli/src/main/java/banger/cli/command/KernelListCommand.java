package banger.cli.command;

import banger.cli.text.Age;
import banger.cli.text.ByteSize;
import banger.cli.text.Table;
import banger.wire.rpc.KernelMessages.KernelView;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import java.io.IOException;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;

/** Lists the kernels. */
@CommandDefinition(name = "list", description = "List the kernels. A * marks the default.")
public final class KernelListCommand extends CliCommand {
    @Mixin
    ListOptions list = new ListOptions();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json("kernel list");
        try (var daemon = session.connect()) {
            List<KernelView> kernels =
                    daemon.call(Methods.KERNEL_LIST, new Nothing()).kernels();
            list.print(session, json, KernelView.class, kernels, KernelView::id, KernelListCommand::table);
            return 0;
        }
    }

    private static String table(List<KernelView> kernels) {
        Table table = new Table("NAME", "VERSION", ">SIZE", ">IMAGES", ">VMS", ">AGE", "NOTE");
        long now = System.currentTimeMillis();
        for (KernelView kernel : kernels) {
            table.row(
                    kernel.id() + (kernel.isDefault() ? " *" : ""),
                    kernel.version(),
                    kernel.broken() == null ? ByteSize.format(kernel.diskBytes()) : "",
                    Integer.toString(kernel.images().size()),
                    Integer.toString(kernel.vms().size()),
                    kernel.broken() == null ? Age.since(kernel.madeAt(), now) : "",
                    kernel.broken() == null ? "" : "broken: " + kernel.broken());
        }
        return table.render();
    }

    @Override
    public String synopsis() {
        return "[--format table|json] [--quiet]";
    }

    @Override
    public String examples() {
        return """
                banger kernel list
                banger kernel list --format json
                """;
    }
}
