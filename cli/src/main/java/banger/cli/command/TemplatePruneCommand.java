package banger.cli.command;

import banger.cli.text.ByteSize;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.TemplateMessages.TemplateView;
import java.io.IOException;
import org.aesh.command.CommandDefinition;

/** Deletes the templates that are of no use any more. */
@CommandDefinition(name = "prune", description = "Delete stale templates: those that no new VM would be restored from.")
public final class TemplatePruneCommand extends CliCommand {
    @Override
    public int run(Session session) throws IOException {
        try (var daemon = session.connect()) {
            long freed = 0;
            for (TemplateView each :
                    daemon.call(Methods.TEMPLATE_PRUNE, new Nothing()).templates()) {
                session.output().line(each.digest() + ": deleted");
                freed += each.usedDiskBytes();
            }
            session.output().note(ByteSize.format(freed) + " freed");
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
                banger template prune
                """;
    }
}
