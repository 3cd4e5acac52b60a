package banger.cli.command;

import banger.cli.text.Age;
import banger.cli.text.ByteSize;
import banger.cli.text.Table;
import banger.wire.rpc.ImageMessages.HistoryView;
import banger.wire.rpc.ImageMessages.ImageRef;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;

/** Tells how an image came about. */
@CommandDefinition(name = "history", description = "Tell how an image came about, the first step first.")
public final class ImageHistoryCommand extends CliCommand {
    private static final String PATH = "image history";
    private static final int SHORT_DIGEST = 12;

    @Mixin
    ListOptions list = new ListOptions();

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json(PATH);
        ImageRef ref = new ImageRef(OnlyWord.of(PATH, "an image", words));
        try (var daemon = session.connect()) {
            List<HistoryView> steps = daemon.call(Methods.IMAGE_HISTORY, ref).steps();
            session.output().print(json ? JsonText.array(HistoryView.class, steps) : table(steps));
            return 0;
        }
    }

    private static String table(List<HistoryView> steps) {
        Table table = new Table("LAYER", ">SIZE", ">AGE", "STEP");
        long now = System.currentTimeMillis();
        for (HistoryView step : steps) {
            String layer = step.layer();
            table.row(
                    layer.substring(0, Math.min(SHORT_DIGEST, layer.length())),
                    step.diskBytes() == 0 ? "" : ByteSize.format(step.diskBytes()),
                    Age.since(step.at(), now),
                    step.what());
        }
        return table.render();
    }

    @Override
    public String synopsis() {
        return "[--format table|json] IMAGE";
    }

    @Override
    public String examples() {
        return "banger image history debian";
    }
}
