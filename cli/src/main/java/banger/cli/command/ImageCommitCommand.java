package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.ImageMessages.CommitImage;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;

/** Makes an image of a stopped or suspended VM. */
@CommandDefinition(
        name = "commit",
        description = "Make an image of what a stopped or suspended VM has changed.\n"
                + "Its home stays its own, and so do its host keys and its machine id.")
public final class ImageCommitCommand extends CliCommand {
    private static final String PATH = "image commit";
    private static final int WORDS = 2;

    @Mixin
    ImageMaking making = new ImageMaking();

    @Arguments(index = "0..*", description = "the VM, and a name for the image")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.size() != WORDS) {
            throw CliFailure.usage(PATH, "give a VM and a name for the image");
        }
        try (var daemon = session.connect()) {
            return making.finish(
                    session,
                    daemon,
                    daemon.call(Methods.IMAGE_COMMIT, new CommitImage(words.getFirst(), words.getLast())),
                    "made in");
        }
    }

    @Override
    public String synopsis() {
        return "[--detach] VM NAME";
    }

    @Override
    public String examples() {
        return "banger vm stop beta && banger image commit beta tools";
    }
}
