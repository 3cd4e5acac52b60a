package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.SetVm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Changes what a VM is, and when it starts. */
@CommandDefinition(name = "set", description = "Change a VM. It boots another kernel from its next start on.")
public final class VmSetCommand extends CliCommand {
    private static final String PATH = "vm set";
    private static final String OF_IMAGE = "image";

    @Option(name = "kernel", description = "the kernel that it boots, or \"image\": the one of its image again")
    @Nullable
    String kernel;

    @Option(name = "autostart", description = "on or off: whether it starts again after each reboot of the host")
    @Nullable
    String autostart;

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String name = OnlyWord.of(PATH, "a VM", words);
        if (kernel == null && autostart == null) {
            throw CliFailure.usage(PATH, "give what to change: --kernel or --autostart");
        }
        SetVm request = new SetVm(name, OF_IMAGE.equals(kernel) ? "" : kernel, autostart(autostart));
        try (var daemon = session.connect()) {
            var vm = daemon.call(Methods.VM_SET, request);
            session.output().line(vm.name() + ": set");
            if (vm.pid() != null && kernel != null) {
                session.output().note("it runs; try: banger vm restart " + vm.name());
            }
            return 0;
        }
    }

    private static @Nullable Boolean autostart(@Nullable String wanted) {
        if (wanted == null) {
            return null;
        }
        return switch (wanted) {
            case "on" -> true;
            case "off" -> false;
            default -> throw CliFailure.usage(PATH, "--autostart is on or off, not \"" + wanted + "\"");
        };
    }

    @Override
    public String synopsis() {
        return "[--kernel KERNEL] [--autostart on|off] VM";
    }

    @Override
    public String examples() {
        return """
                banger vm set beta --kernel void-6.6.63_1
                banger vm set beta --kernel image
                banger vm set beta --autostart on
                """;
    }
}
