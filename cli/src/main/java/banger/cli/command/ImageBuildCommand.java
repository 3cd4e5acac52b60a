package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.ImageMessages.BuildImage;
import banger.wire.rpc.ImageMessages.CopyStep;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** Makes an image of another, by steps that run inside a VM of it. */
@CommandDefinition(
        name = "build",
        description = "Make an image of another, by steps that run inside a VM of it: those of a recipe, then"
                + " --install, --copy and --run.\n"
                + "Each step's result is kept, so that building again begins with the first step that has changed.")
public final class ImageBuildCommand extends CliCommand {
    private static final String PATH = "image build";

    @Option(name = "file", shortName = 'f', description = "a recipe, such as banger.toml")
    @Nullable
    String file;

    @Option(name = "from", description = "the image to begin with")
    @Nullable
    String from;

    // AEsh splits values at the separator, and no argument can hold a NUL.
    @OptionList(
            name = "install",
            valueSeparator = '\0',
            description = "packages of its distribution, separated by blanks or commas; may be given several times")
    @Nullable
    List<String> install;

    @OptionList(
            name = "copy",
            valueSeparator = '\0',
            description = "SRC:DST, a file or folder of this host; may be given several times")
    @Nullable
    List<String> copy;

    @OptionList(
            name = "run",
            valueSeparator = '\0',
            description = "a shell script, run as root; may be given several times")
    @Nullable
    List<String> run;

    @OptionList(
            name = "env",
            shortName = 'e',
            valueSeparator = '\0',
            description = "NAME=VALUE for the steps and for commands in VMs of the image")
    @Nullable
    List<String> env;

    @Option(name = "no-cache", hasValue = false, description = "run every step, also those whose results are kept")
    boolean noCache;

    @Mixin
    ImageMaking making = new ImageMaking();

    @Arguments(index = "0..*", description = "a name for the image")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String name = OnlyWord.of(PATH, "a name for the image", words);
        BuildImage call = new BuildImage(name, recipe(), from, packages(), copies(), given(run), given(env), noCache);
        try (var daemon = session.connect()) {
            return making.finish(session, daemon, daemon.call(Methods.IMAGE_BUILD, call), "built in");
        }
    }

    private @Nullable String recipe() {
        String given = file;
        if (given == null) {
            return null;
        }
        Path path = Path.of(given).toAbsolutePath().normalize();
        if (!Files.isRegularFile(path)) {
            throw CliFailure.usage(PATH, "there is no recipe " + path);
        }
        return path.toString();
    }

    private List<String> packages() {
        List<String> names = new ArrayList<>();
        for (String each : given(install)) {
            for (String one : each.split("[ ,]+")) {
                if (!one.isEmpty()) {
                    names.add(one);
                }
            }
        }
        return names;
    }

    private List<CopyStep> copies() {
        List<CopyStep> copies = new ArrayList<>();
        for (String each : given(copy)) {
            // A name of the host may hold a colon; a guest's place begins with a slash.
            int colon = each.lastIndexOf(":/");
            if (colon < 1) {
                throw CliFailure.usage(PATH, "--copy takes SRC:DST with an absolute DST, not \"" + each + "\"");
            }
            String source = each.substring(0, colon);
            Path path = Path.of(source).toAbsolutePath().normalize();
            if (!Files.exists(path)) {
                throw CliFailure.usage(PATH, "there is no " + path + " to copy");
            }
            copies.add(new CopyStep(path.toString(), each.substring(colon + 1)));
        }
        return copies;
    }

    private static List<String> given(@Nullable List<String> values) {
        return values == null ? List.of() : values;
    }

    @Override
    public String synopsis() {
        return "NAME [-f RECIPE] [--from IMAGE] [--install PACKAGES]... [--copy SRC:DST]... [--run SCRIPT]..."
                + " [-e NAME=VALUE]...";
    }

    @Override
    public String examples() {
        return """
                banger image build tools --from debian --install "jq ripgrep" --run "useradd -m dev"
                banger image build app --from debian --copy ./conf:/etc/app --env APP_MODE=test
                banger image build mine -f banger.toml
                """;
    }
}
