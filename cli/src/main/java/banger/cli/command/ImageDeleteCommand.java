package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.cli.text.ByteSize;
import banger.wire.rpc.ImageMessages.ImageRef;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Deletes images that no VM uses. */
@CommandDefinition(
        name = "delete",
        description = "Delete images. One that VMs use is refused; files of yours that it points at stay.")
public final class ImageDeleteCommand extends CliCommand {
    private static final String PATH = "image delete";

    @Arguments(index = "0..*", description = "names, ids or prefixes of them")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.isEmpty()) {
            throw CliFailure.usage(PATH, "give an image");
        }
        int code = ExitCode.OK;
        try (var daemon = session.connect()) {
            for (String image : words) {
                try {
                    var deleted = daemon.call(Methods.IMAGE_DELETE, new ImageRef(image));
                    session.output()
                            .line(deleted.image() + ": deleted, " + ByteSize.format(deleted.freedBytes()) + " freed");
                } catch (CliFailure e) {
                    session.output().failure(e);
                    code = ExitCode.FAILURE;
                }
            }
        }
        return code;
    }

    @Override
    public String synopsis() {
        return "IMAGE...";
    }

    @Override
    public String examples() {
        return "banger image delete old-tools";
    }
}
