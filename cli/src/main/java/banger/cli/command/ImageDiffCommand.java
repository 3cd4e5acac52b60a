package banger.cli.command;

import banger.cli.text.Table;
import banger.wire.rpc.ImageMessages.DiffImage;
import banger.wire.rpc.ImageMessages.ImageDiff;
import banger.wire.rpc.ImageMessages.LayerChange;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Lists what a layer changes. */
@CommandDefinition(
        name = "diff",
        description = "List what an image's uppermost layer changes: A added, C changed, D deleted.")
public final class ImageDiffCommand extends CliCommand {
    private static final String PATH = "image diff";
    private static final int MOST_LAYERS = 8;

    @Mixin
    ListOptions list = new ListOptions();

    @Option(name = "layer", description = "another layer; 1 is the lowest")
    @Nullable
    String layer;

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json(PATH);
        String image = OnlyWord.of(PATH, "an image", words);
        Integer number = layer == null ? null : Numbers.between(PATH, "--layer", layer, 1, MOST_LAYERS);
        try (var daemon = session.connect()) {
            ImageDiff diff = daemon.call(Methods.IMAGE_DIFF, new DiffImage(image, number));
            session.output().print(json ? JsonText.object(ImageDiff.class, diff) : lines(diff));
            if (diff.more()) {
                session.output().note("there is more, which is not shown");
            }
            return 0;
        }
    }

    private static String lines(ImageDiff diff) {
        StringBuilder text = new StringBuilder();
        for (LayerChange change : diff.changes()) {
            char kind = Character.toUpperCase(change.kind().charAt(0));
            text.append(kind).append(' ').append(Table.printable(change.path())).append('\n');
        }
        return text.toString();
    }

    @Override
    public String synopsis() {
        return "[--layer N] [--format table|json] IMAGE";
    }

    @Override
    public String examples() {
        return """
                banger image diff tools
                banger image diff --layer 2 tools
                """;
    }
}
