package banger.cli.command;

import banger.cli.forward.Forward;
import banger.cli.forward.ForwardedPort;
import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.VmMessages.VmView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import sun.misc.Signal;

/** Listens on ports of the host and connects each connection to a port in a VM, until it is interrupted. */
@CommandDefinition(
        name = "port-forward",
        description = "Forward ports of this host to ports in a VM until Ctrl-C, in every network mode.\n"
                + "A PORT is [ADDRESS:]HOST:GUEST or GUEST; it listens on 127.0.0.1 unless ADDRESS says otherwise,\n"
                + "and on a free port where HOST is 0.")
public final class VmPortForwardCommand extends CliCommand {
    private static final String PATH = "vm port-forward";
    private static final String[] ENDING_SIGNALS = {"INT", "TERM", "HUP"};

    @Arguments(index = "0..*", description = "the VM and the ports")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.size() < 2) {
            throw CliFailure.usage(PATH, "give a VM and ports, such as 8080:80");
        }
        List<Forward> ports = words.subList(1, words.size()).stream()
                .map(word -> Forward.parse(PATH, word))
                .toList();
        CountDownLatch interrupted = new CountDownLatch(1);
        for (String signal : ENDING_SIGNALS) {
            Signal.handle(new Signal(signal), received -> interrupted.countDown());
        }
        String vm = runningVm(session);
        // All are bound before any is served, so that a port in use leaves none half forwarded.
        List<ForwardedPort> bound = new ArrayList<>();
        for (Forward port : ports) {
            bound.add(ForwardedPort.bind(port, vm, session.daemon(), session.output()));
        }
        for (ForwardedPort port : bound) {
            port.serve();
            session.output().line(port.address() + " -> " + vm + ":" + port.guestPort());
        }
        try {
            interrupted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // What is open ends with this process.
        return ExitCode.OK;
    }

    /** The VM's whole name: a prefix could come to mean another VM while this runs. */
    private String runningVm(Session session) throws IOException {
        try (var daemon = session.connect()) {
            VmView vm = daemon.call(Methods.VM_SHOW, new VmRef(words.getFirst()));
            if (!vm.state().equals("running")) {
                throw new CliFailure(
                        "vm " + vm.name() + " is " + vm.state() + ", not running", "banger vm start " + vm.name());
            }
            return vm.name();
        }
    }

    @Override
    public String synopsis() {
        return "VM PORT...";
    }

    @Override
    public String examples() {
        return """
                banger vm port-forward beta 8080:80
                banger vm port-forward beta 5432 0.0.0.0:8080:80
                banger vm port-forward beta 0:3000
                """;
    }
}
