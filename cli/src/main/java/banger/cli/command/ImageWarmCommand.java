package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.Methods;
import banger.wire.rpc.TemplateMessages.WarmImage;
import banger.wire.rpc.VmMessages.CreateVm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Makes a template of an image. */
@CommandDefinition(
        name = "warm",
        description = "Make a template of an image: a booted machine frozen to disk, from which VMs are restored.")
public final class ImageWarmCommand extends CliCommand {
    private static final String PATH = "image warm";

    @Option(name = "vcpu", description = "virtual CPUs of the VMs that it is for")
    @Nullable
    String vcpu;

    @Option(name = "memory", description = "their memory, such as 512M or 1G")
    @Nullable
    String memory;

    @Option(name = "network", description = "user, bridge or none")
    @Nullable
    String network;

    @Mixin
    ImageMaking making = new ImageMaking();

    @Arguments(index = "0..*", description = "the image; the default one where none is given")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.size() > 1) {
            throw CliFailure.usage(PATH, "one image at a time, not also \"" + words.get(1) + "\"");
        }
        CreateVm shape = shape().request(PATH);
        var request = new WarmImage(
                words.isEmpty() ? null : words.getFirst(), shape.vcpus(), shape.memoryBytes(), shape.network());
        try (var daemon = session.connect()) {
            return making.finish(session, daemon, daemon.call(Methods.IMAGE_WARM, request), "warm after");
        }
    }

    private CreateOptions shape() {
        var shape = new CreateOptions();
        shape.vcpu = vcpu;
        shape.memory = memory;
        shape.network = network;
        return shape;
    }

    @Override
    public String synopsis() {
        return "[--vcpu N] [--memory 1G] [--network user|none] [--detach] [IMAGE]";
    }

    @Override
    public String examples() {
        return """
                banger image warm debian
                banger image warm --vcpu 4 --memory 4G debian
                """;
    }
}
