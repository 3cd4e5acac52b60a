package banger.cli.command;

import banger.cli.text.Age;
import banger.cli.text.ByteSize;
import banger.cli.text.Table;
import banger.wire.rpc.FreezeMessages.SnapshotView;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;

/** Lists the snapshots of a VM. */
@CommandDefinition(name = "list", description = "List the snapshots of a VM.")
public final class SnapshotListCommand extends CliCommand {
    private static final String PATH = "vm snapshot list";

    @Mixin
    ListOptions list = new ListOptions();

    @Arguments(index = "0..*", description = "name, id or a prefix of one")
    List<String> vms = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json(PATH);
        String vm = OnlyWord.of(PATH, "VM", vms);
        try (var daemon = session.connect()) {
            List<SnapshotView> snapshots =
                    daemon.call(Methods.SNAPSHOT_LIST, new VmRef(vm)).snapshots();
            list.print(session, json, SnapshotView.class, snapshots, SnapshotView::name, SnapshotListCommand::table);
            return 0;
        }
    }

    private static String table(List<SnapshotView> snapshots) {
        Table table = new Table("SNAPSHOT", "MEMORY", ">DISK USED", "AGE", "STATE");
        for (SnapshotView each : snapshots) {
            boolean whole = each.damage().isEmpty();
            table.row(
                    each.name(),
                    each.running() ? "yes" : "no",
                    ByteSize.format(each.usedDiskBytes()),
                    whole ? Age.since(each.madeAt(), System.currentTimeMillis()) : "?",
                    whole ? "whole" : "damaged: " + each.damage());
        }
        return table.render();
    }

    @Override
    public String synopsis() {
        return "VM [--format table|json] [-q]";
    }

    @Override
    public String examples() {
        return """
                banger vm snapshot list beta
                """;
    }
}
