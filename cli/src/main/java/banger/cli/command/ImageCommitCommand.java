package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.text.Age;
import banger.wire.rpc.ImageMessages.CommitImage;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Makes an image of a stopped or suspended VM. */
@CommandDefinition(
        name = "commit",
        description = "Make an image of what a stopped or suspended VM has changed.\n"
                + "Its home stays its own, and so do its host keys and its machine id.")
public final class ImageCommitCommand extends CliCommand {
    private static final String PATH = "image commit";
    private static final int WORDS = 2;

    @Arguments(index = "0..*", description = "the VM, and a name for the image")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.size() != WORDS) {
            throw CliFailure.usage(PATH, "give a VM and a name for the image");
        }
        try (var daemon = session.connect()) {
            var operation = daemon.call(Methods.IMAGE_COMMIT, new CommitImage(words.getFirst(), words.getLast()));
            var view = Foreground.follow(session, daemon, operation);
            session.output().line(view.subject());
            session.output()
                    .note("made in " + Age.elapsed(view.elapsedMillis()) + "; try: banger vm create --image "
                            + view.subject());
            return 0;
        }
    }

    @Override
    public String synopsis() {
        return "VM NAME";
    }

    @Override
    public String examples() {
        return "banger vm stop beta && banger image commit beta tools";
    }
}
