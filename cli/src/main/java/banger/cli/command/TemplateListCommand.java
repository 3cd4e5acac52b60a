package banger.cli.command;

import banger.cli.text.Age;
import banger.cli.text.ByteSize;
import banger.cli.text.Table;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.TemplateMessages.TemplateView;
import java.io.IOException;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;

/** Lists templates. */
@CommandDefinition(name = "list", description = "List templates: frozen machines from which VMs are restored.")
public final class TemplateListCommand extends CliCommand {
    static final int SHORT_DIGEST = 12;

    @Mixin
    ListOptions list = new ListOptions();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json("template list");
        try (var daemon = session.connect()) {
            List<TemplateView> templates =
                    daemon.call(Methods.TEMPLATE_LIST, new Nothing()).templates();
            list.print(session, json, TemplateView.class, templates, TemplateView::digest, TemplateListCommand::table);
            return 0;
        }
    }

    private static String table(List<TemplateView> templates) {
        Table table = new Table("TEMPLATE", "IMAGE", ">VCPUS", ">MEMORY", "NETWORK", ">DISK USED", "STATE", "AGE");
        for (TemplateView each : templates) {
            table.row(
                    each.digest().substring(0, SHORT_DIGEST),
                    each.image(),
                    Integer.toString(each.vcpus()),
                    ByteSize.format(each.memoryBytes()),
                    each.network(),
                    ByteSize.format(each.usedDiskBytes()),
                    each.current() ? "current" : "stale",
                    Age.since(each.createdAt(), System.currentTimeMillis()));
        }
        return table.render();
    }

    @Override
    public String synopsis() {
        return "[--format table|json] [-q]";
    }

    @Override
    public String examples() {
        return """
                banger template list
                """;
    }
}
