package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.text.Age;
import banger.wire.rpc.KernelMessages.ImportKernel;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Makes a kernel from a package or from files. */
@CommandDefinition(
        name = "import",
        description =
                "Make a kernel from a distribution's package, or from a kernel's file and the folder of its modules."
                        + " What a package needs of others is looked for beside it.")
public final class KernelImportCommand extends CliCommand {
    private static final String PATH = "kernel import";

    @Option(
            name = "deb",
            description = "a Debian package, such as linux-image-6.1.0-56-cloud-amd64_6.1.174-1_amd64.deb")
    @Nullable
    String deb;

    @Option(name = "xbps", description = "a Void Linux package, such as linux6.6-6.6.63_1.x86_64.xbps")
    @Nullable
    String xbps;

    @Option(name = "vmlinux", description = "a kernel: an ELF file or a boot image")
    @Nullable
    String vmlinux;

    @Option(name = "modules", description = "with --vmlinux: its folder lib/modules/VERSION")
    @Nullable
    String modules;

    @Option(name = "name", description = "the kernel's name; the distribution and the version where none is given")
    @Nullable
    String name;

    @Option(name = "sha256", description = "the digest that the package's or the kernel's file must have")
    @Nullable
    String sha256;

    @Option(name = "detach", shortName = 'd', hasValue = false, description = "print the operation's id and return")
    boolean detach;

    @Arguments(index = "0..*", description = "none")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (!words.isEmpty()) {
            throw CliFailure.usage(PATH, "unexpected \"" + words.getFirst() + "\"; files are given with options");
        }
        int given = (deb == null ? 0 : 1) + (xbps == null ? 0 : 1) + (vmlinux == null ? 0 : 1);
        if (given != 1) {
            throw CliFailure.usage(PATH, "give one of --deb, --xbps and --vmlinux");
        }
        if ((vmlinux == null) != (modules == null)) {
            throw CliFailure.usage(PATH, "--vmlinux and --modules go together");
        }
        ImportKernel call = new ImportKernel(path(deb), path(xbps), path(vmlinux), path(modules), name, sha256);
        try (var daemon = session.connect()) {
            var operation = daemon.call(Methods.KERNEL_IMPORT, call);
            if (detach) {
                session.output().line(operation.operation());
                return 0;
            }
            var view = Foreground.follow(session, daemon, operation);
            String id = view.stages().getLast().text();
            session.output().line(id);
            session.output()
                    .note("ready in " + Age.elapsed(view.elapsedMillis()) + "; try: banger vm set VM --kernel " + id);
            return 0;
        }
    }

    /** The daemon has another working directory. */
    private static @Nullable String path(@Nullable String text) {
        return text == null ? null : Path.of(text).toAbsolutePath().normalize().toString();
    }

    @Override
    public String synopsis() {
        return "--deb FILE | --xbps FILE | --vmlinux FILE --modules FOLDER [--name NAME] [--sha256 DIGEST]";
    }

    @Override
    public String examples() {
        return """
                banger kernel import --deb linux-image-6.1.0-56-cloud-amd64_6.1.174-1_amd64.deb
                banger kernel import --xbps linux6.6-6.6.63_1.x86_64.xbps
                banger kernel import --vmlinux vmlinux --modules lib/modules/6.12.0 --name mine
                """;
    }
}
