package banger.cli.command;

import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Prints names for the shells' completion; it starts no daemon, as a tab key should not. */
@CommandDefinition(
        name = NamesCommand.PATH,
        description = "Print names for completion: vm, image, kernel, template or operation.")
public final class NamesCommand extends CliCommand {
    static final String PATH = "__names";

    @Arguments(index = "0..*", description = "vm, image, kernel, template or operation")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        var greeted = session.daemon().greetRunning();
        if (greeted == null) {
            return ExitCode.OK;
        }
        StringBuilder text = new StringBuilder();
        try (var daemon = greeted.connection()) {
            switch (OnlyWord.of(PATH, "a kind", words)) {
                case "vm" -> daemon.call(Methods.VM_LIST, new Nothing()).vms().forEach(vm -> line(text, vm.name()));
                case "image" ->
                    daemon.call(Methods.IMAGE_LIST, new Nothing()).images().forEach(image -> line(text, image.name()));
                case "kernel" ->
                    daemon.call(Methods.KERNEL_LIST, new Nothing())
                            .kernels()
                            .forEach(kernel -> line(text, kernel.id()));
                case "template" ->
                    daemon.call(Methods.TEMPLATE_LIST, new Nothing())
                            .templates()
                            .forEach(template -> line(text, template.digest()));
                case "operation" ->
                    daemon.call(Methods.OPERATION_LIST, new Nothing())
                            .operations()
                            .forEach(operation -> line(text, operation.operation()));
                default -> {
                    return ExitCode.USAGE;
                }
            }
        }
        session.output().print(text.toString());
        return ExitCode.OK;
    }

    private static void line(StringBuilder text, String name) {
        text.append(name).append('\n');
    }

    @Override
    public String synopsis() {
        return "KIND";
    }

    @Override
    public String examples() {
        return "banger __names vm";
    }
}
