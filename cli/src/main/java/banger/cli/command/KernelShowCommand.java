package banger.cli.command;

import banger.cli.text.ByteSize;
import banger.wire.rpc.KernelMessages.KernelRef;
import banger.wire.rpc.KernelMessages.KernelView;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;

/** Shows one kernel. */
@CommandDefinition(name = "show", description = "Show a kernel: where it came from and who uses it.")
public final class KernelShowCommand extends CliCommand {
    private static final String PATH = "kernel show";

    @Mixin
    ListOptions list = new ListOptions();

    @Arguments(index = "0..*", description = "a kernel's name, or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json(PATH);
        KernelRef ref = new KernelRef(OnlyWord.of(PATH, "a kernel", words));
        try (var daemon = session.connect()) {
            KernelView kernel = daemon.call(Methods.KERNEL_SHOW, ref);
            session.output()
                    .print(
                            list.quiet
                                    ? kernel.id() + "\n"
                                    : json ? JsonText.object(KernelView.class, kernel) : facts(kernel));
            return 0;
        }
    }

    private static String facts(KernelView kernel) {
        return new Facts()
                .add("name", kernel.id())
                .add("version", kernel.version())
                .add("broken", kernel.broken())
                .add("package", kernel.packageVersion())
                .add("made from", kernel.source())
                .add("its SHA-256", kernel.sha256())
                .add("made", kernel.madeAt())
                .add("size", kernel.broken() == null ? ByteSize.format(kernel.diskBytes()) : null)
                .add("default", kernel.isDefault() ? "yes" : "no")
                .add("images", String.join(", ", kernel.images()))
                .add("VMs", String.join(", ", kernel.vms()))
                .render();
    }

    @Override
    public String synopsis() {
        return "[--format table|json] KERNEL";
    }

    @Override
    public String examples() {
        return """
                banger kernel show debian-6.1
                banger kernel show debian-6.1 --format json
                """;
    }
}
