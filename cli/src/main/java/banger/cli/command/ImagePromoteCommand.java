package banger.cli.command;

import banger.cli.text.Age;
import banger.wire.rpc.ImageMessages.ImageRef;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Takes the files of a registered image into the store. */
@CommandDefinition(
        name = "promote",
        description = "Take the files of a registered image into banger's store; yours are not needed any more then."
                + " VMs of it go on.")
public final class ImagePromoteCommand extends CliCommand {
    @Arguments(index = "0..*", description = "a registered image")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String image = OnlyWord.of("image promote", "a registered image", words);
        try (var daemon = session.connect()) {
            var view = Foreground.follow(session, daemon, daemon.call(Methods.IMAGE_PROMOTE, new ImageRef(image)));
            session.output().line(view.subject());
            session.output().note("its files are in the store, after " + Age.elapsed(view.elapsedMillis()));
            return 0;
        }
    }

    @Override
    public String synopsis() {
        return "IMAGE";
    }

    @Override
    public String examples() {
        return "banger image promote mine";
    }
}
