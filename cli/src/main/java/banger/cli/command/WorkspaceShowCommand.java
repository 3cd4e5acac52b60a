package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.WorkspaceMessages.WorkspaceStatus;
import banger.wire.rpc.WorkspaceMessages.WorkspaceView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;

/** Shows a VM's workspace. */
@CommandDefinition(
        name = "show",
        description = "Show which repository of the host a VM holds; what is out of date is said on standard error.")
public final class WorkspaceShowCommand extends CliCommand {
    private static final String PATH = "vm workspace show";
    private static final int SHORT_ID = 7;

    @Mixin
    ListOptions list = new ListOptions();

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json(PATH);
        VmRef ref = new VmRef(OnlyWord.of(PATH, "a VM", words));
        try (var daemon = session.connect()) {
            WorkspaceStatus status = daemon.call(Methods.WORKSPACE_STATUS, ref);
            WorkspaceView workspace = status.workspace();
            if (workspace == null) {
                throw new CliFailure(ref.vm() + " has no workspace", "banger vm workspace prepare " + ref.vm());
            }
            session.output()
                    .print(
                            list.quiet
                                    ? workspace.guestPath() + "\n"
                                    : json ? JsonText.object(WorkspaceStatus.class, status) : facts(workspace));
            tell(session, status);
            return 0;
        }
    }

    /** What is out of date, on standard error. */
    static void tell(Session session, WorkspaceStatus status) {
        if (status.notice() != null) {
            session.output().note("banger: " + status.notice());
        }
    }

    static String shortCommit(WorkspaceView workspace) {
        String commit = workspace.commit();
        return commit == null ? "none" : commit.substring(0, Math.min(SHORT_ID, commit.length()));
    }

    /** On one line. */
    static String text(WorkspaceView workspace) {
        return workspace.guestPath() + " from " + workspace.hostPath() + " at " + shortCommit(workspace) + " ("
                + workspace.mode() + ")";
    }

    private static String facts(WorkspaceView workspace) {
        return new Facts()
                .add("in the guest", workspace.guestPath())
                .add("on the host", workspace.hostPath())
                .add("commit", workspace.commit())
                .add("branch", workspace.branch())
                .add("mode", workspace.mode())
                .add("prepared", workspace.preparedAt())
                .render();
    }

    @Override
    public String synopsis() {
        return "[--format table|json] [-q] VM";
    }

    @Override
    public String examples() {
        return """
                banger vm workspace show beta
                banger vm workspace show beta -q
                """;
    }
}
