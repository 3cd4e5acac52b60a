package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.progress.Operations;
import banger.cli.progress.StageDisplay;
import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.VmMessages.VmView;
import java.io.IOException;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Does one thing to many VMs: begins some of them at a time, waits for each, and reports a line for each.
 *
 * @param path the command's path
 * @param outcome the word for success, such as {@code "stopped"}
 */
record ManyVms(String path, String outcome) {
    /** Far fewer than the operations that a daemon has under way at once, which others may begin as well. */
    private static final int AT_ONCE = 16;

    /** Begins the operation on one VM. */
    interface Begin {
        OperationRef begin(DaemonConnection daemon, String vm) throws IOException;
    }

    private record Begun(String vm, OperationRef operation) {}

    /** @return the exit code: 1 where any of them failed */
    int run(Session session, List<String> named, boolean all, Begin begin) throws IOException {
        if (named.isEmpty() != all) {
            throw CliFailure.usage(path, all ? "names and --all do not go together" : "give names of VMs, or --all");
        }
        try (DaemonConnection daemon = session.connect()) {
            var left = new ConcurrentLinkedDeque<String>(all ? everyVm(daemon) : new LinkedHashSet<>(named));
            var begun = new ConcurrentLinkedDeque<Begun>();
            boolean failed = Foreground.during(
                    () -> doAll(session, daemon, begin, left, begun), () -> leave(session, left, begun), "INT");
            return failed ? ExitCode.FAILURE : ExitCode.OK;
        }
    }

    /** @return whether any failed */
    private boolean doAll(Session session, DaemonConnection daemon, Begin begin, Deque<String> left, Deque<Begun> begun)
            throws IOException {
        boolean failed = false;
        while (!left.isEmpty() || !begun.isEmpty()) {
            while (begun.size() < AT_ONCE && !left.isEmpty()) {
                String vm = left.peek();
                try {
                    begun.add(new Begun(vm, begin.begin(daemon, vm)));
                } catch (CliFailure e) {
                    failed = true;
                    report(session, vm, e);
                }
                left.remove();
            }
            if (!begun.isEmpty()) {
                failed |= !await(session, daemon, begun.element());
                begun.remove();
            }
        }
        return failed;
    }

    /** Ends the CLI, and says of which VMs the work goes on and of which it has not begun. */
    private void leave(Session session, Deque<String> left, Deque<Begun> begun) {
        if (!left.isEmpty()) {
            session.output().note("\nbanger: not begun\n  try: banger " + path + " " + String.join(" ", left));
        }
        Foreground.detach(session, begun.stream().map(Begun::operation).toArray(OperationRef[]::new));
    }

    private boolean await(Session session, DaemonConnection daemon, Begun begun) throws IOException {
        try {
            var view = Operations.requireDone(Operations.follow(daemon, begun.operation(), StageDisplay.SILENT));
            session.output().line(view.subject() + ": " + outcome);
            return true;
        } catch (CliFailure e) {
            report(session, begun.vm(), e);
            return false;
        }
    }

    private static LinkedHashSet<String> everyVm(DaemonConnection daemon) throws IOException {
        LinkedHashSet<String> names = new LinkedHashSet<>();
        for (VmView vm : daemon.call(Methods.VM_LIST, new Nothing()).vms()) {
            names.add(vm.name());
        }
        return names;
    }

    private static void report(Session session, String vm, CliFailure failure) {
        session.output().failure(new CliFailure(vm + ": " + failure.text(), failure.hint()));
    }
}
