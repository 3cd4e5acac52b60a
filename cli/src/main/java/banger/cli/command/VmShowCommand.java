package banger.cli.command;

import banger.cli.text.ByteSize;
import banger.wire.rpc.Methods;
import banger.wire.rpc.NetworkMessages.GuestView;
import banger.wire.rpc.NetworkMessages.NetworkView;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.VmMessages.VmView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;

/** Shows one VM. */
@CommandDefinition(name = "show", description = "Show a VM.")
public final class VmShowCommand extends CliCommand {
    private static final String PATH = "vm show";

    @Mixin
    ListOptions list = new ListOptions();

    @Option(name = "timings", hasValue = false, description = "what its last actions did, and how long each stage took")
    boolean timings;

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json(PATH);
        VmRef ref = new VmRef(OnlyWord.of(PATH, "a VM", words));
        try (var daemon = session.connect()) {
            VmView vm = daemon.call(Methods.VM_SHOW, ref);
            if (timings) {
                VmTimings.of(vm, daemon.call(Methods.OPERATION_LIST, new Nothing()))
                        .print(session, json);
                return 0;
            }
            if (vm.workspace() != null) {
                WorkspaceShowCommand.tell(session, daemon.call(Methods.WORKSPACE_STATUS, ref));
            }
            if (list.quiet || json) {
                session.output().print(list.quiet ? vm.name() + "\n" : JsonText.object(VmView.class, vm));
                return 0;
            }
            String addresses = vm.network().equals("bridge")
                    ? addresses(vm.name(), daemon.call(Methods.NETWORK_SHOW, new Nothing()))
                    : "";
            String guest = vm.state().equals("running")
                            && daemon.call(Methods.VM_STATS, ref).guest() == null
                    ? "does not answer; try: banger vm logs " + vm.name() + ", then banger vm restart " + vm.name()
                    : "";
            session.output().print(facts(vm, addresses, guest));
            return 0;
        }
    }

    private static String addresses(String vm, NetworkView network) {
        List<GuestView> guests =
                network.bridge() == null ? List.of() : network.bridge().guests();
        return guests.stream()
                .filter(guest -> guest.vm().equals(vm))
                .map(guest -> String.join(", ", guest.addresses()))
                .collect(Collectors.joining());
    }

    private static String facts(VmView vm, String addresses, String guest) {
        StringBuilder ports = new StringBuilder();
        for (Publish port : vm.publish()) {
            ports.append(ports.isEmpty() ? "" : ", ")
                    .append(port.hostAddress())
                    .append(':')
                    .append(port.hostPort());
            ports.append(" to ").append(port.guestPort());
        }
        return new Facts()
                .add("name", vm.name())
                .add("id", vm.id())
                .add("state", vm.state())
                .add("guest", guest)
                .add("broken", vm.broken())
                .add("image", vm.image())
                .add("kernel", vm.kernel())
                .add("vcpus", vm.vcpus())
                .add("memory", ByteSize.format(vm.memoryBytes()))
                .add("work disk", ByteSize.format(vm.diskBytes()))
                .add("on the host", ByteSize.format(vm.usedDiskBytes()))
                .add("driver", vm.driver())
                .add("network", vm.network())
                .add("addresses", addresses)
                .add("ports", ports)
                .add("autostart", vm.autostart() ? "on" : "off")
                .add("workspace", vm.workspace() == null ? null : WorkspaceShowCommand.text(vm.workspace()))
                .add("process", vm.pid())
                .add("created", vm.createdAt())
                .add("started", vm.startedAt())
                .render();
    }

    @Override
    public String synopsis() {
        return "[--timings] [--format table|json] VM";
    }

    @Override
    public String examples() {
        return """
                banger vm show beta
                banger vm show beta --format json
                banger vm show beta --timings
                """;
    }
}
