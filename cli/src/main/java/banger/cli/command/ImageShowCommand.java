package banger.cli.command;

import banger.cli.text.ByteSize;
import banger.wire.rpc.ImageMessages.ImageRef;
import banger.wire.rpc.ImageMessages.ImageView;
import banger.wire.rpc.ImageMessages.LayerView;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;

/** Shows one image. */
@CommandDefinition(name = "show", description = "Show an image and its layers.")
public final class ImageShowCommand extends CliCommand {
    private static final String PATH = "image show";

    @Mixin
    ListOptions list = new ListOptions();

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json(PATH);
        ImageRef ref = new ImageRef(OnlyWord.of(PATH, "an image", words));
        try (var daemon = session.connect()) {
            ImageView image = daemon.call(Methods.IMAGE_SHOW, ref);
            session.output()
                    .print(
                            list.quiet
                                    ? image.name() + "\n"
                                    : json ? JsonText.object(ImageView.class, image) : facts(image));
            return 0;
        }
    }

    private static String facts(ImageView image) {
        Facts facts = new Facts()
                .add("name", image.name())
                .add("id", image.id())
                .add("broken", image.broken())
                .add("kernel", image.kernel())
                .add("ready when", String.join(", ", image.readiness()))
                .add("environment", String.join(" ", image.environment()))
                .add("user", image.user())
                .add("folder", image.folder())
                .add("entrypoint", String.join(" ", image.entrypoint()))
                .add("ports", image.ports().isEmpty() ? null : image.ports())
                .add("recipe", image.recipe())
                .add("packages", image.packages() == null ? null : image.packages() + ", " + image.packagesDigest())
                .add("shared size", ByteSize.format(image.sharedBytes()))
                .add("own size", ByteSize.format(image.ownBytes()))
                .add("used by", image.users().isEmpty() ? "no VM" : String.join(", ", image.users()))
                .add("created", image.createdAt());
        for (String file : image.files()) {
            facts.add("your file", file);
        }
        for (LayerView layer : image.layers()) {
            facts.add("layer", layer.digest() + ", " + ByteSize.format(layer.diskBytes()));
        }
        return facts.render();
    }

    @Override
    public String synopsis() {
        return "[--format table|json] IMAGE";
    }

    @Override
    public String examples() {
        return """
                banger image show debian
                banger image show debian --format json
                """;
    }
}
