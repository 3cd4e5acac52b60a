package banger.cli.command;

import java.io.IOException;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;

/** Lists the VMs. */
@CommandDefinition(name = "list", description = "List the VMs.")
public final class VmListCommand extends CliCommand {
    @Mixin
    ListOptions list = new ListOptions();

    @Override
    public int run(Session session) throws IOException {
        return VmTable.print(session, "vm list", list);
    }

    @Override
    public String synopsis() {
        return "[--format table|json] [-q]";
    }

    @Override
    public String examples() {
        return """
                banger vm list
                banger vm list --format json | jq '.[].name'
                """;
    }
}
