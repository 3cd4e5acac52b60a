package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.ImageMessages.BootstrapImage;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;

/** Makes the base image. */
@CommandDefinition(
        name = "bootstrap",
        description = "Make a base image and its kernel from the distribution's packages.")
public final class ImageBootstrapCommand extends CliCommand {
    private static final String PATH = "image bootstrap";
    private static final String DEFAULT_IMAGE = "debian";

    @Option(name = "force", shortName = 'f', hasValue = false, description = "make it again where it exists")
    boolean force;

    @Mixin
    ImageMaking making = new ImageMaking();

    @Arguments(index = "0..*", description = "the image; debian where none is given")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.size() > 1) {
            throw CliFailure.usage(PATH, "one image at a time, not also \"" + words.get(1) + "\"");
        }
        String name = words.isEmpty() ? DEFAULT_IMAGE : words.getFirst();
        try (var daemon = session.connect()) {
            return making.finish(
                    session, daemon, daemon.call(Methods.IMAGE_BOOTSTRAP, new BootstrapImage(name, force)), "ready in");
        }
    }

    @Override
    public String synopsis() {
        return "[--force] [--detach] [IMAGE]";
    }

    @Override
    public String examples() {
        return """
                banger image bootstrap
                banger image bootstrap --force debian
                """;
    }
}
