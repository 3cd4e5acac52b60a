package banger.cli.command;

import java.io.IOException;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;

/** Lists the VMs; short for {@code vm list}. */
@CommandDefinition(name = "ps", description = "List the VMs.")
public final class PsCommand extends CliCommand {
    @Mixin
    ListOptions list = new ListOptions();

    @Override
    public int run(Session session) throws IOException {
        return VmTable.print(session, "ps", list);
    }

    @Override
    public String synopsis() {
        return "[--format table|json] [-q]";
    }

    @Override
    public String examples() {
        return """
                banger ps
                banger ps --format json | jq '.[].name'
                """;
    }
}
