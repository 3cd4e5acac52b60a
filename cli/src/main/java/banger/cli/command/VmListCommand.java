package banger.cli.command;

import java.io.IOException;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;

/** Lists the VMs. */
@CommandDefinition(name = "list", description = "List the VMs.")
public final class VmListCommand extends CliCommand {
    @Mixin
    ListOptions list = new ListOptions();

    @Option(name = "pool", hasValue = false, description = "list the VMs of the pool instead, which are nobody's yet")
    boolean pool;

    @Override
    public int run(Session session) throws IOException {
        return VmTable.print(session, "vm list", list, pool);
    }

    @Override
    public String synopsis() {
        return "[--format table|json] [-q] [--pool]";
    }

    @Override
    public String examples() {
        return """
                banger vm list
                banger vm list --format json | jq '.[].name'
                """;
    }
}
