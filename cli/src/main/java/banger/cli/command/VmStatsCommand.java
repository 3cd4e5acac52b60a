package banger.cli.command;

import banger.cli.text.Age;
import banger.cli.text.ByteSize;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.GuestStats;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.VmMessages.VmStats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;

/** Shows what a VM uses now. */
@CommandDefinition(name = "stats", description = "Show what a VM uses, as the host and as the guest see it.")
public final class VmStatsCommand extends CliCommand {
    private static final String PATH = "vm stats";

    @Option(name = "format", description = "table (the default) or json")
    String format = "table";

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        boolean json = ListOptions.isJson(PATH, format);
        VmRef ref = new VmRef(OnlyWord.of(PATH, "a VM", words));
        try (var daemon = session.connect()) {
            VmStats stats = daemon.call(Methods.VM_STATS, ref);
            session.output().print(json ? JsonText.object(VmStats.class, stats) : facts(stats));
            return 0;
        }
    }

    private static String facts(VmStats stats) {
        Facts facts = new Facts()
                .add("name", stats.name())
                .add("cpu time", Age.elapsed(stats.cpuMillis()))
                .add("resident", ByteSize.format(stats.residentBytes()))
                .add("disk", ByteSize.format(stats.diskBytes()));
        GuestStats guest = stats.guest();
        if (guest == null) {
            return facts.add("guest", stats.residentBytes() == 0 ? "does not run" : "does not answer")
                    .render();
        }
        return facts.add("up", Age.elapsed(guest.uptimeMillis()))
                .add("load", guest.load1())
                .add("memory", used(guest.memoryTotalBytes() - guest.memoryAvailableBytes(), guest.memoryTotalBytes()))
                .add("root disk", used(guest.rootUsedBytes(), guest.rootTotalBytes()))
                .add("work disk", used(guest.workUsedBytes(), guest.workTotalBytes()))
                .add("tasks", guest.tasks())
                .render();
    }

    private static String used(long bytes, long of) {
        return ByteSize.format(bytes) + " of " + ByteSize.format(of);
    }

    @Override
    public String synopsis() {
        return "[--format table|json] VM";
    }

    @Override
    public String examples() {
        return """
                banger vm stats beta
                banger vm stats beta --format json | jq .guest.load1
                """;
    }
}
