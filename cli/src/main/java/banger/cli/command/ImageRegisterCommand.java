package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.text.Age;
import banger.wire.rpc.ImageMessages.RegisterImage;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Makes an image that points at files of the user's. */
@CommandDefinition(
        name = "register",
        description = "Make an image of files of yours, which stay where they are and are only read. VMs boot from them"
                + " as they are then; image promote takes them into the store.")
public final class ImageRegisterCommand extends CliCommand {
    private static final String PATH = "image register";

    @Option(name = "rootfs", description = "the root file system: an ext4 file")
    @Nullable
    String rootfs;

    @Option(name = "kernel", description = "the kernel: an ELF file or a boot image")
    @Nullable
    String kernel;

    @Option(name = "initrd", description = "cpio archives whose files are to be there when the kernel boots")
    @Nullable
    String initrd;

    @Option(name = "modules", description = "the kernel's folder lib/modules/VERSION; without it all is built in")
    @Nullable
    String modules;

    @Option(name = "work-seed", description = "the home of new VMs: an ext4 file; without it /root of the rootfs")
    @Nullable
    String workSeed;

    @Arguments(index = "0..*", description = "a name for the image")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String name = OnlyWord.of(PATH, "a name for the image", words);
        if (rootfs == null || kernel == null) {
            throw CliFailure.usage(PATH, "give --rootfs and --kernel");
        }
        RegisterImage call = new RegisterImage(
                name, absolute(rootfs), absolute(kernel), path(initrd), path(modules), path(workSeed));
        try (var daemon = session.connect()) {
            var view = Foreground.follow(session, daemon, daemon.call(Methods.IMAGE_REGISTER, call));
            session.output().line(view.subject());
            session.output()
                    .note("ready in " + Age.elapsed(view.elapsedMillis()) + "; try: banger vm create --image "
                            + view.subject());
            return 0;
        }
    }

    private static @Nullable String path(@Nullable String text) {
        return text == null ? null : absolute(text);
    }

    /** The daemon has another working directory. */
    private static String absolute(String text) {
        return Path.of(text).toAbsolutePath().normalize().toString();
    }

    @Override
    public String synopsis() {
        return "NAME --rootfs FILE --kernel FILE [--initrd FILE] [--modules FOLDER] [--work-seed FILE]";
    }

    @Override
    public String examples() {
        return """
                banger image register mine --rootfs rootfs.ext4 --kernel vmlinux --modules lib/modules/6.12.0
                banger image promote mine
                """;
    }
}
