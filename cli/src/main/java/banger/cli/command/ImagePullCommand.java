package banger.cli.command;

import banger.cli.text.Age;
import banger.wire.rpc.ImageMessages.PullImage;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
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

    @Option(name = "detach", shortName = 'd', hasValue = false, description = "print the operation's id and return")
    boolean detach;

    @Arguments(index = "0..*", description = "REGISTRY/IMAGE:TAG")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String reference = OnlyWord.of("image pull", "REGISTRY/IMAGE:TAG", words);
        String wanted = name == null ? ImageImportCommand.nameOf(reference) : name;
        try (var daemon = session.connect()) {
            var operation = daemon.call(Methods.IMAGE_PULL, new PullImage(reference, wanted));
            if (detach) {
                session.output().line(operation.operation());
                return 0;
            }
            var view = Foreground.follow(session, daemon, operation);
            session.output().line(view.subject());
            session.output()
                    .note("ready in " + Age.elapsed(view.elapsedMillis()) + "; try: banger vm create --image "
                            + view.subject());
            return 0;
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
