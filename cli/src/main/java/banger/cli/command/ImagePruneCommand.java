package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.cli.text.ByteSize;
import banger.cli.text.Table;
import banger.wire.rpc.ImageMessages.PruneImages;
import banger.wire.rpc.ImageMessages.Pruned;
import banger.wire.rpc.ImageMessages.PrunedFile;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;

/** Removes what no image needs, having said what that is. */
@CommandDefinition(
        name = "prune",
        description = "Remove layers, work seeds and results of build steps that no image needs.\n"
                + "Lists them first, and asks.")
public final class ImagePruneCommand extends CliCommand {
    private static final String PATH = "image prune";
    private static final int MOST_ANSWER_BYTES = 100;

    @Option(name = "yes", shortName = 'y', hasValue = false, description = "do not ask")
    boolean yes;

    @Option(name = "dry-run", hasValue = false, description = "only list them")
    boolean dryRun;

    @Arguments(index = "0..*", description = "none")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (!words.isEmpty()) {
            throw CliFailure.usage(PATH, "unexpected \"" + words.getFirst() + "\"");
        }
        try (var daemon = session.connect()) {
            Pruned plan = daemon.call(Methods.IMAGE_PRUNE, new PruneImages(true));
            session.output().print(table(plan));
            if (plan.files().isEmpty() || dryRun) {
                session.output().line(ByteSize.format(plan.diskBytes()) + " can be freed");
                return ExitCode.OK;
            }
            session.output().line(ByteSize.format(plan.diskBytes()) + " will be freed");
            if (!yes && !agreed(session)) {
                return ExitCode.FAILURE;
            }
            Pruned done = daemon.call(Methods.IMAGE_PRUNE, new PruneImages(false));
            session.output().line(ByteSize.format(done.diskBytes()) + " freed");
            return ExitCode.OK;
        }
    }

    private static String table(Pruned plan) {
        Table table = new Table(">SIZE", "WHAT", "FILE");
        for (PrunedFile file : plan.files()) {
            table.row(ByteSize.format(file.diskBytes()), file.what(), file.file());
        }
        return plan.files().isEmpty() ? "" : table.render();
    }

    private static boolean agreed(Session session) throws IOException {
        if (!session.terminals().input()) {
            throw new CliFailure("nothing was removed, as nobody can be asked", "banger image prune --yes");
        }
        session.output().note("remove them? [y/N]");
        byte[] answer = new byte[MOST_ANSWER_BYTES];
        int read = session.input().read(answer);
        String text = read <= 0 ? "" : new String(answer, 0, read, StandardCharsets.UTF_8).strip();
        return text.equalsIgnoreCase("y") || text.equalsIgnoreCase("yes");
    }

    @Override
    public String synopsis() {
        return "[--dry-run] [--yes]";
    }

    @Override
    public String examples() {
        return """
                banger image prune --dry-run
                banger image prune --yes
                """;
    }
}
