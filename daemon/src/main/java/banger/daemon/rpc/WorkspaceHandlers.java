package banger.daemon.rpc;

import banger.daemon.operation.Operation;
import banger.daemon.operation.Operations;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.daemon.workspace.Workspace;
import banger.daemon.workspace.WorkspaceMode;
import banger.daemon.workspace.Workspaces;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.WorkspaceMessages.CheckWorkspace;
import banger.wire.rpc.WorkspaceMessages.ExportReport;
import banger.wire.rpc.WorkspaceMessages.ExportWorkspace;
import banger.wire.rpc.WorkspaceMessages.PrepareWorkspace;
import banger.wire.rpc.WorkspaceMessages.WorkspaceStatus;
import banger.wire.rpc.WorkspaceMessages.WorkspaceView;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Answers calls about workspaces. */
public final class WorkspaceHandlers {
    private static final int MAX_REPORTS = 50;

    private final VmStore store;
    private final Workspaces workspaces;
    private final Operations operations;
    private final Map<String, ExportReport> reports = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ExportReport> eldest) {
            return size() > MAX_REPORTS;
        }
    });

    public WorkspaceHandlers(VmStore store, Workspaces workspaces, Operations operations) {
        this.store = store;
        this.workspaces = workspaces;
        this.operations = operations;
    }

    public void register(Router router) {
        router.on(Methods.WORKSPACE_PREPARE, this::prepare)
                .on(Methods.WORKSPACE_CHECK, this::check)
                .on(Methods.WORKSPACE_STATUS, this::status)
                .on(Methods.WORKSPACE_EXPORT, this::export)
                .on(Methods.WORKSPACE_EXPORTED, this::exported);
    }

    static @Nullable WorkspaceView view(@Nullable Workspace workspace) {
        return workspace == null
                ? null
                : new WorkspaceView(
                        workspace.guestPath(),
                        workspace.hostPath().toString(),
                        workspace.commit(),
                        workspace.mode().wireName(),
                        workspace.preparedAt().toString(),
                        workspace.head());
    }

    private OperationRef prepare(PrepareWorkspace call) {
        Vm vm = store.resolve(call.vm());
        if (call.path() == null) {
            Workspaces.required(vm);
        }
        var request = new Workspaces.Request(
                call.path() == null ? null : absolute(call.path()),
                call.guestPath(),
                call.mode() == null ? null : WorkspaceMode.of(call.mode()),
                call.branch(),
                call.from(),
                call.force());
        return new OperationRef(operations
                .begin("workspace.prepare", vm.name(), progress -> workspaces.prepare(vm, request, progress))
                .id());
    }

    private Nothing check(CheckWorkspace call) {
        workspaces.check(new Workspaces.Request(
                absolute(call.path()),
                call.guestPath(),
                call.mode() == null ? null : WorkspaceMode.of(call.mode()),
                call.branch(),
                call.from(),
                false));
        return new Nothing();
    }

    private WorkspaceStatus status(VmRef ref) {
        Vm vm = store.resolve(ref.vm());
        Workspaces.Notice notice = workspaces.notice(vm);
        return new WorkspaceStatus(
                view(Workspaces.of(vm)), notice == null ? null : notice.text(), notice != null && notice.stale());
    }

    private OperationRef export(ExportWorkspace call) {
        Vm vm = store.resolve(call.vm());
        String patch = call.patch();
        String branch = call.branch();
        if ((patch == null) == (branch == null)) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "an export goes into a patch or into a branch",
                    "banger vm workspace export " + vm.name() + " --patch FILE, or --branch NAME");
        }
        Path file = patch == null ? null : absolute(patch);
        // The work may be over before its id is known here.
        var id = new CompletableFuture<String>();
        Operation operation = operations.begin("workspace.export", vm.name(), progress -> {
            Workspaces.Exported exported = file == null
                    ? workspaces.exportBranch(
                            vm,
                            java.util.Objects.requireNonNull(branch),
                            call.commitChanges(),
                            call.keepLinks(),
                            progress)
                    : workspaces.exportPatch(vm, file, call.keepLinks(), progress);
            reports.put(
                    id.join(),
                    new ExportReport(
                            exported.commit(),
                            exported.commits(),
                            exported.files(),
                            exported.squashed(),
                            exported.leftOut()));
        });
        id.complete(operation.id());
        return new OperationRef(operation.id());
    }

    private ExportReport exported(OperationRef ref) {
        ExportReport report = reports.get(ref.operation());
        if (report == null) {
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "no report of an export \"" + ref.operation() + "\" is known",
                    "banger operation list");
        }
        return report;
    }

    private static Path absolute(String text) {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            // As one that is not absolute.
        }
        throw new Problem(Problem.Kind.INVALID_ARGUMENT, "\"" + text + "\" is not an absolute path");
    }
}
