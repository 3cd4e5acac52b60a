package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.text.Age;
import banger.wire.rpc.ImageMessages.PushImage;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Puts an image into a registry. */
@CommandDefinition(
        name = "push",
        description = "Put an image with its kernel into any OCI registry, from which image pull gets it. What is there"
                + " already is not sent again. Your SSH key stays here.")
public final class ImagePushCommand extends CliCommand {
    private static final int WORDS = 2;

    @Arguments(index = "0..*", description = "the image, and REGISTRY/IMAGE:TAG")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.size() != WORDS) {
            throw CliFailure.usage("image push", "give an image and REGISTRY/IMAGE:TAG");
        }
        try (var daemon = session.connect()) {
            var operation = daemon.call(Methods.IMAGE_PUSH, new PushImage(words.getFirst(), words.getLast()));
            var view = Foreground.follow(session, daemon, operation);
            session.output().line(words.getLast());
            session.output()
                    .note("pushed in " + Age.elapsed(view.elapsedMillis()) + "; elsewhere: banger image pull "
                            + words.getLast());
            return 0;
        }
    }

    @Override
    public String synopsis() {
        return "IMAGE REGISTRY/IMAGE:TAG";
    }

    @Override
    public String examples() {
        return "banger image push tools registry.example/team/tools:1";
    }
}
