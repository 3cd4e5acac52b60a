package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.progress.Operations;
import banger.cli.progress.StageDisplay;
import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.VmMessages.CopyRepository;
import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;

/** Creates a VM, copies a git checkout into it, and runs a command or a shell there. */
@CommandDefinition(
        name = "run",
        description = "Create a VM, copy the git checkout at PATH (here, where none is given) to /root/repo,\n"
                + "and run COMMAND there, or a login shell. Exits with its code.")
public final class VmRunCommand extends CliCommand {
    private static final String PATH = "vm run";
    private static final String GUEST_REPOSITORY = "/root/repo";
    private static final List<String> LOGIN_SHELL = List.of("/bin/sh", "-c", "exec \"${SHELL:-/bin/sh}\" -l");

    @Option(name = "rm", hasValue = false, description = "delete the VM at the end, whatever that is")
    boolean remove;

    @Mixin
    CreateOptions options = new CreateOptions();

    @Arguments(index = "0..*", description = "the path of a git checkout")
    List<String> paths = new ArrayList<>();

    private List<String> command = List.of();
    private volatile boolean interrupted;

    /** What stands behind the first {@code --} is the command's, whatever it looks like. */
    @Override
    public List<String> takeOwnWords(List<String> words) {
        int separator = words.indexOf("--");
        if (separator < 0) {
            return words;
        }
        command = List.copyOf(words.subList(separator + 1, words.size()));
        return words.subList(0, separator);
    }

    @Override
    public int run(Session session) throws IOException {
        if (paths.size() > 1) {
            throw CliFailure.usage(PATH, "unexpected \"" + paths.get(1) + "\"; a command stands behind --");
        }
        CreateVm request = options.request(PATH);
        Path checkout = Checkout.containing(PATH, paths.isEmpty() ? "." : paths.getFirst());
        String vm = create(session, request);
        try {
            copy(session, vm, checkout);
            return new GuestCommand(session).run(exec(session, vm));
        } finally {
            if (remove) {
                delete(session, vm);
            } else {
                advise(session, vm);
            }
        }
    }

    private String create(Session session, CreateVm request) throws IOException {
        try (DaemonConnection daemon = session.connect()) {
            return follow(session, daemon, daemon.call(Methods.VM_CREATE, request)).subject();
        }
    }

    private void copy(Session session, String vm, Path checkout) throws IOException {
        // A signal may have come when the creation was past stopping.
        requireNotInterrupted();
        CopyRepository copy = new CopyRepository(vm, checkout.toString(), GUEST_REPOSITORY);
        try (DaemonConnection daemon = session.connect()) {
            follow(session, daemon, daemon.call(Methods.VM_COPY_REPOSITORY, copy));
        }
        requireNotInterrupted();
    }

    /** Waits for an operation. With --rm a signal cancels it, and what was made is taken back; else Ctrl-C detaches. */
    private OperationView follow(Session session, DaemonConnection daemon, OperationRef operation) throws IOException {
        if (!remove) {
            return Foreground.follow(session, daemon, operation);
        }
        try {
            return Foreground.follow(session, daemon, operation, () -> cancel(session, operation), "INT", "TERM", "HUP");
        } catch (CliFailure e) {
            requireNotInterrupted();
            throw e;
        }
    }

    /** Runs beside the thread that follows, which sees the operation end and takes back what was made. */
    private void cancel(Session session, OperationRef operation) {
        interrupted = true;
        session.output().note("\nbanger: interrupted; taking back what was made");
        try (DaemonConnection daemon = session.connect()) {
            daemon.call(Methods.OPERATION_CANCEL, operation);
        } catch (IOException | CliFailure e) {
            session.output().note("banger: " + operation.operation() + " cannot be cancelled: " + e.getMessage());
        }
    }

    private void requireNotInterrupted() {
        if (interrupted) {
            throw new CliFailure(ExitCode.INTERRUPTED, "interrupted", null);
        }
    }

    /** Tells a failure and goes on: how the command ended, or why it never ran, matters more. */
    private static void delete(Session session, String vm) {
        try (DaemonConnection daemon = session.connect()) {
            OperationRef deletion = daemon.call(Methods.VM_DELETE, new VmRef(vm));
            Operations.requireDone(Operations.follow(daemon, deletion, StageDisplay.SILENT));
        } catch (IOException | CliFailure e) {
            session.output().failure(new CliFailure(vm + " is not deleted: " + e.getMessage(), "banger vm delete " + vm));
        }
    }

    private Exec exec(Session session, String vm) {
        var terminals = session.terminals();
        boolean tty = terminals.input() && (command.isEmpty() || terminals.output() && terminals.error());
        return new Exec(
                vm, command.isEmpty() ? LOGIN_SHELL : command, List.of(), GUEST_REPOSITORY, null, tty, true, 0, 0);
    }

    private static void advise(Session session, String vm) {
        session.output().note("the VM " + vm + " is kept; next:");
        session.output().note("  banger vm exec -it -w " + GUEST_REPOSITORY + " " + vm + " bash -l");
        session.output().note("  banger vm delete " + vm);
    }

    @Override
    public int exitCodeOf(CliFailure failure) {
        return GuestCommand.exitCodeOf(failure);
    }

    @Override
    public String synopsis() {
        return "[options] [PATH] [-- COMMAND [ARGUMENT]...]";
    }

    @Override
    public String examples() {
        return """
                banger vm run
                banger vm run ~/src/project -- make test
                banger vm run --rm --memory 2G -- ./dev test
                """;
    }
}
