package banger.cli.command;

import banger.wire.rpc.ImageMessages.PullImage;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Gets an image from a registry. */
@CommandDefinition(
        name = "pull",
        description = "Get an image that image push has put into a registry. A pull that was cut off goes on where it"
                + " was. Container images are imported: image import.")
public final class ImagePullCommand extends CliCommand {
    @Option(name = "name", description = "the image's name here; that of the reference where none is given")
    @Nullable
    String name;

    @Mixin
    ImageMaking making = new ImageMaking();

    @Arguments(index = "0..*", description = "REGISTRY/IMAGE:TAG")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String reference = OnlyWord.of("image pull", "REGISTRY/IMAGE:TAG", words);
        String wanted = name == null ? ImageImportCommand.nameOf(reference) : name;
        try (var daemon = session.connect()) {
            return making.finish(
                    session, daemon, daemon.call(Methods.IMAGE_PULL, new PullImage(reference, wanted)), "ready in");
        }
    }

    @Override
    public String synopsis() {
        return "[--name NAME] REGISTRY/IMAGE:TAG";
    }

    @Override
    public String examples() {
        return "banger image pull registry.example/team/tools:1";
    }
}
