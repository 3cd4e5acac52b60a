package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.progress.Operations;
import banger.cli.progress.StageDisplay;
import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.StartVm;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.VmMessages.VmView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;

/** Puts a git repository into a VM, new or old, and runs a command or a shell there. */
@CommandDefinition(
        name = "run",
        description = "Create a VM (or take the one that --name names), put the git repository at PATH (here, where\n"
                + "none is given) into it, and run COMMAND there, or a login shell. Exits with its code.")
public final class VmRunCommand extends CliCommand {
    private static final String PATH = "vm run";
    private static final String LOG = "/var/log/banger-run.log";
    private static final List<String> LOGIN_SHELL = List.of("/bin/sh", "-c", "exec \"${SHELL:-/bin/sh}\" -l");
    private static final List<String> IN_BACKGROUND =
            List.of("/bin/sh", "-c", "setsid \"$@\" >" + LOG + " 2>&1 </dev/null &", "sh");

    @Option(name = "rm", hasValue = false, description = "delete the VM at the end, whatever that is")
    boolean remove;

    @Option(
            name = "detach",
            shortName = 'd',
            hasValue = false,
            description = "do not wait for COMMAND; its output goes to " + LOG + " in the VM")
    boolean detach;

    @Option(
            name = "no-mise",
            hasValue = false,
            description = "do not put mise exec -- before it, where the guest has mise")
    boolean noMise;

    @Mixin
    WorkspaceOptions workspace = new WorkspaceOptions();

    @Mixin
    CreateOptions options = new CreateOptions();

    @Arguments(index = "0..*", description = "the path of a git repository")
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
        if (!command.isEmpty() && command.getFirst().isEmpty()) {
            throw CliFailure.usage(PATH, "the command behind -- is empty");
        }
        if (remove && detach) {
            throw CliFailure.usage(PATH, "--rm waits for the end and --detach does not; give one of them");
        }
        if (workspace.from != null && workspace.branch == null) {
            throw CliFailure.usage(PATH, "--from goes with --branch");
        }
        CreateVm request = options.request(PATH);
        Path checkout = Checkout.containing(PATH, paths.isEmpty() ? "." : paths.getFirst());
        String vm = createOrStart(session, request, checkout);
        try {
            prepare(session, vm, checkout);
            if (detach && command.isEmpty()) {
                return ExitCode.OK;
            }
            int code = new GuestCommand(session).run(exec(session, vm));
            if (detach && code == ExitCode.OK) {
                session.output()
                        .note("it runs in the background; its output: banger vm exec " + vm + " tail -f " + LOG);
            }
            return code;
        } finally {
            if (remove) {
                delete(session, vm);
            } else {
                advise(session, vm);
            }
        }
    }

    private String createOrStart(Session session, CreateVm request, Path checkout) throws IOException {
        try (DaemonConnection daemon = session.connect()) {
            VmView existing = daemon.call(Methods.VM_LIST, new Nothing()).vms().stream()
                    .filter(vm -> vm.name().equals(request.name()))
                    .findFirst()
                    .orElse(null);
            if (existing == null) {
                // What cannot be prepared is said before there is a VM for it.
                daemon.call(Methods.WORKSPACE_CHECK, workspace.check(checkout));
                return follow(session, daemon, daemon.call(Methods.VM_CREATE, request))
                        .subject();
            }
            if (remove) {
                throw new CliFailure(
                        "the VM " + existing.name() + " was there before; --rm deletes only what run has created",
                        "leave out --rm, or choose another --name");
            }
            List<String> useless = CreateOptions.notOf(existing, request);
            if (!useless.isEmpty()) {
                session.output()
                        .note("banger: the VM " + existing.name() + " was there before and stays as it is: "
                                + String.join(", ", useless) + " would be for a new one");
            }
            if (!existing.state().equals("running")) {
                follow(session, daemon, daemon.call(Methods.VM_START, new StartVm(existing.name(), null)));
            }
            return existing.name();
        }
    }

    private void prepare(Session session, String vm, Path checkout) throws IOException {
        // A signal may have come when the creation was past stopping.
        requireNotInterrupted();
        try (DaemonConnection daemon = session.connect()) {
            follow(session, daemon, daemon.call(Methods.WORKSPACE_PREPARE, workspace.request(vm, checkout)));
        }
        requireNotInterrupted();
    }

    /** Waits for an operation. With --rm a signal cancels it, and what was made is taken back; else Ctrl-C detaches. */
    private OperationView follow(Session session, DaemonConnection daemon, OperationRef operation) throws IOException {
        if (!remove) {
            return Foreground.follow(session, daemon, operation);
        }
        try {
            return Foreground.follow(
                    session, daemon, operation, () -> cancel(session, operation), "INT", "TERM", "HUP");
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
            session.output()
                    .failure(new CliFailure(vm + " is not deleted: " + e.getMessage(), "banger vm delete " + vm));
        }
    }

    private Exec exec(Session session, String vm) {
        var terminals = session.terminals();
        if (detach) {
            List<String> argv = new ArrayList<>(IN_BACKGROUND);
            argv.addAll(command);
            return new Exec(vm, argv, List.of(), null, null, false, false, 0, 0, true, !noMise);
        }
        boolean tty = terminals.input() && (command.isEmpty() || terminals.output() && terminals.error());
        List<String> argv = command.isEmpty() ? LOGIN_SHELL : command;
        return new Exec(vm, argv, List.of(), null, null, tty, true, 0, 0, true, !noMise);
    }

    private static void advise(Session session, String vm) {
        session.output().note("the VM " + vm + " is kept; next:");
        session.output().note("  banger vm exec -it " + vm + " bash -l");
        session.output().note("  banger vm ssh " + vm);
        session.output().note("  banger vm workspace export " + vm + " --patch work.patch");
        session.output().note("  banger vm stop " + vm);
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
                banger vm run --name beta --branch topic -- make test
                """;
    }
}
