package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.Methods;
import banger.wire.rpc.TemplateMessages.TemplateRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Deletes templates. */
@CommandDefinition(name = "delete", description = "Delete templates. VMs that were restored from them go on.")
public final class TemplateDeleteCommand extends CliCommand {
    @Arguments(index = "0..*", description = "the beginning of a template's digest")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.isEmpty()) {
            throw CliFailure.usage("template delete", "which one? banger template list shows them");
        }
        try (var daemon = session.connect()) {
            for (String word : words) {
                var deleted = daemon.call(Methods.TEMPLATE_DELETE, new TemplateRef(word));
                session.output().line(deleted.digest() + ": deleted");
            }
            return 0;
        }
    }

    @Override
    public String synopsis() {
        return "TEMPLATE...";
    }

    @Override
    public String examples() {
        return """
                banger template delete 3f2a
                """;
    }
}
