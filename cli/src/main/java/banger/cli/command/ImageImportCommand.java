package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.ImageMessages.ImportImage;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Makes an image from a container image or from a root file system's archive. */
@CommandDefinition(
        name = "import",
        description =
                "Make an image from a container image (in a registry, as an OCI layout or docker save's tar) or from"
                        + " a tar of a root file system. What a container engine would run is kept as a note and not run.")
public final class ImageImportCommand extends CliCommand {
    private static final String PATH = "image import";

    @Option(name = "name", description = "the image's name; that of the source where none is given")
    @Nullable
    String name;

    @Option(name = "kernel", description = "the kernel that it boots; the default kernel where none is given")
    @Nullable
    String kernel;

    @Mixin
    ImageMaking making = new ImageMaking();

    @Arguments(index = "0..*", description = "a file, a folder, or REGISTRY/IMAGE:TAG")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String source = OnlyWord.of(PATH, "a file, a folder or REGISTRY/IMAGE:TAG", words);
        boolean onDisk = source.startsWith("/") || source.startsWith(".") || Files.exists(Path.of(source));
        String path = onDisk ? Path.of(source).toAbsolutePath().normalize().toString() : null;
        ImportImage call = new ImportImage(path, onDisk ? null : source, name == null ? nameOf(source) : name, kernel);
        try (var daemon = session.connect()) {
            return making.finish(session, daemon, daemon.call(Methods.IMAGE_IMPORT, call), "ready in");
        }
    }

    /** The last part of a path or a reference, without tag, digest and the ends of archives' names. */
    static String nameOf(String source) {
        String last = source.replaceFirst("/+$", "").replaceFirst("^.*/", "");
        String bare = last.replaceFirst("@.*$", "").replaceFirst(":.*$", "");
        bare = bare.replaceFirst("(\\.tar)?(\\.(gz|xz|zst|bz2|tgz|txz|tar))?$", "")
                .toLowerCase(Locale.ROOT);
        if (bare.isEmpty() || bare.equals(".") || bare.equals("..")) {
            throw CliFailure.usage(PATH, "give a name with --name; \"" + source + "\" has none");
        }
        return bare;
    }

    @Override
    public String synopsis() {
        return "[--name NAME] [--kernel KERNEL] FILE | FOLDER | REGISTRY/IMAGE:TAG";
    }

    @Override
    public String examples() {
        return """
                banger image import registry.example/library/alpine:3.22
                banger image import ./rootfs.tar.xz --name mine
                docker save app > app.tar && banger image import ./app.tar
                """;
    }
}
