package banger.cli.command;

import banger.cli.text.Age;
import banger.cli.text.ByteSize;
import banger.cli.text.Table;
import banger.wire.rpc.ImageMessages.ImageView;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import java.io.IOException;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;

/** Lists the images. */
@CommandDefinition(name = "list", description = "List the images.")
public final class ImageListCommand extends CliCommand {
    @Mixin
    ListOptions list = new ListOptions();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json("image list");
        try (var daemon = session.connect()) {
            List<ImageView> images =
                    daemon.call(Methods.IMAGE_LIST, new Nothing()).images();
            list.print(session, json, ImageView.class, images, ImageView::name, ImageListCommand::table);
            return 0;
        }
    }

    private static String table(List<ImageView> images) {
        Table table = new Table("NAME", "KERNEL", ">LAYERS", ">SHARED", ">OWN", ">VMS", ">AGE", "NOTE");
        long now = System.currentTimeMillis();
        for (ImageView image : images) {
            table.row(
                    image.name(),
                    image.kernel(),
                    Integer.toString(image.layers().size()),
                    ByteSize.format(image.sharedBytes()),
                    ByteSize.format(image.ownBytes()),
                    Integer.toString(image.vms()),
                    Age.since(image.createdAt(), now),
                    image.broken() != null ? "broken: " + image.broken() : image.managed() ? "" : "not managed");
        }
        return table.render();
    }

    @Override
    public String synopsis() {
        return "[--format table|json] [-q]";
    }

    @Override
    public String examples() {
        return """
                banger image list
                banger image list -q
                """;
    }
}
