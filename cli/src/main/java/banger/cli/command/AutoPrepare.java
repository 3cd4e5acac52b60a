package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.WorkspaceMessages.PrepareWorkspace;
import java.io.IOException;

/** Prepares a VM's workspace again before a command, where the host's repository has changed since. */
final class AutoPrepare {
    private AutoPrepare() {}

    /** @throws CliFailure where it cannot be done without discarding work of the guest; the command is then not to run */
    static void run(Session session, String vm) throws IOException {
        try (var daemon = session.connect()) {
            if (daemon.call(Methods.WORKSPACE_STATUS, new VmRef(vm)).stale()) {
                var request = new PrepareWorkspace(vm, null, null, null, null, null, false);
                Foreground.follow(session, daemon, daemon.call(Methods.WORKSPACE_PREPARE, request));
            }
        } catch (CliFailure e) {
            throw new CliFailure(ExitCode.EXEC_FAILURE, e.text() + " (the command never ran)", e.hint());
        }
    }
}
