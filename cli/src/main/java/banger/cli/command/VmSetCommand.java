package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.SetVm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** Changes what a VM is, and when it starts. */
@CommandDefinition(name = "set", description = "Change a VM. Another kernel and other ports come with its next start.")
public final class VmSetCommand extends CliCommand {
    private static final String PATH = "vm set";
    private static final String OF_IMAGE = "image";
    private static final String NOTHING = "none";

    @Option(name = "kernel", description = "the kernel that it boots, or \"image\": the one of its image again")
    @Nullable
    String kernel;

    @Option(name = "autostart", description = "on or off: whether it starts again after each reboot of the host")
    @Nullable
    String autostart;

    // AEsh splits values at the separator, and no argument can hold a NUL.
    @OptionList(
            name = "publish",
            shortName = 'p',
            valueSeparator = '\0',
            description = "what is published instead, as with vm create; \"none\": nothing")
    @Nullable
    List<String> publish;

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String name = OnlyWord.of(PATH, "a VM", words);
        if (kernel == null && autostart == null && publish == null) {
            throw CliFailure.usage(PATH, "give what to change: --kernel, --autostart or --publish");
        }
        SetVm request = new SetVm(name, OF_IMAGE.equals(kernel) ? "" : kernel, autostart(autostart), ports());
        try (var daemon = session.connect()) {
            var vm = daemon.call(Methods.VM_SET, request);
            session.output().line(vm.name() + ": set");
            if (vm.pid() != null && (kernel != null || publish != null)) {
                session.output().note("it runs; try: banger vm restart " + vm.name());
            }
            return 0;
        }
    }

    private @Nullable List<Publish> ports() {
        List<String> wanted = publish;
        return wanted == null ? null : wanted.equals(List.of(NOTHING)) ? List.of() : PublishedPorts.of(PATH, wanted);
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
        return "[--kernel KERNEL] [--autostart on|off] [--publish HOST:GUEST]... VM";
    }

    @Override
    public String examples() {
        return """
                banger vm set beta --kernel void-6.6.63_1
                banger vm set beta --kernel image
                banger vm set beta --autostart on
                banger vm set beta --publish 8081:80 --publish 2222:22
                """;
    }
}
