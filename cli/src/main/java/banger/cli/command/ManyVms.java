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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Does one thing to many VMs: begins all, then waits for each, and reports a line for each.
 *
 * @param path the command's path
 * @param outcome the word for success, such as {@code "stopped"}
 */
record ManyVms(String path, String outcome) {
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
            boolean failed = false;
            List<Begun> begun = new ArrayList<>();
            for (String vm : all ? everyVm(daemon) : new LinkedHashSet<>(named)) {
                try {
                    begun.add(new Begun(vm, begin.begin(daemon, vm)));
                } catch (CliFailure e) {
                    failed = true;
                    report(session, vm, e);
                }
            }
            OperationRef[] operations = begun.stream().map(Begun::operation).toArray(OperationRef[]::new);
            failed |= Foreground.during(
                    () -> awaitAll(session, daemon, begun), () -> Foreground.detach(session, operations), "INT");
            return failed ? ExitCode.FAILURE : ExitCode.OK;
        }
    }

    /** @return whether any failed */
    private boolean awaitAll(Session session, DaemonConnection daemon, List<Begun> begun) throws IOException {
        boolean failed = false;
        for (Begun each : begun) {
            failed |= !await(session, daemon, each);
        }
        return failed;
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
