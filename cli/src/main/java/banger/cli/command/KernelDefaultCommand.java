package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.KernelMessages.KernelRef;
import banger.wire.rpc.KernelMessages.KernelView;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Shows or chooses the kernel for images that come without one. */
@CommandDefinition(
        name = "default",
        description =
                "Print the kernel that imported images get, or choose another. Images that there are keep theirs.")
public final class KernelDefaultCommand extends CliCommand {
    private static final String PATH = "kernel default";

    @Arguments(index = "0..*", description = "a kernel's name, or a prefix of one; none: print the default")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        try (var daemon = session.connect()) {
            if (!words.isEmpty()) {
                daemon.call(Methods.KERNEL_DEFAULT, new KernelRef(OnlyWord.of(PATH, "a kernel", words)));
            }
            String id = daemon.call(Methods.KERNEL_LIST, new Nothing()).kernels().stream()
                    .filter(KernelView::isDefault)
                    .map(KernelView::id)
                    .findFirst()
                    .orElseThrow(() -> new CliFailure("there is no kernel yet", "banger image bootstrap"));
            session.output().line(id);
            return ExitCode.OK;
        }
    }

    @Override
    public String synopsis() {
        return "[KERNEL]";
    }

    @Override
    public String examples() {
        return """
                banger kernel default
                banger kernel default void-6.6.63_1
                """;
    }
}
