package banger.wire.rpc;

import banger.wire.rpc.DaemonMessages.DaemonStatus;
import banger.wire.rpc.DaemonMessages.Hello;
import banger.wire.rpc.DaemonMessages.HelloReply;
import banger.wire.rpc.FreezeMessages.ForkVm;
import banger.wire.rpc.FreezeMessages.SnapshotList;
import banger.wire.rpc.FreezeMessages.SnapshotRef;
import banger.wire.rpc.ImageMessages.BootstrapImage;
import banger.wire.rpc.ImageMessages.BuildImage;
import banger.wire.rpc.ImageMessages.CommitImage;
import banger.wire.rpc.ImageMessages.DiffImage;
import banger.wire.rpc.ImageMessages.ImageDeleted;
import banger.wire.rpc.ImageMessages.ImageDiff;
import banger.wire.rpc.ImageMessages.ImageHistory;
import banger.wire.rpc.ImageMessages.ImageList;
import banger.wire.rpc.ImageMessages.ImageRef;
import banger.wire.rpc.ImageMessages.ImageView;
import banger.wire.rpc.ImageMessages.ImportImage;
import banger.wire.rpc.ImageMessages.PruneImages;
import banger.wire.rpc.ImageMessages.Pruned;
import banger.wire.rpc.ImageMessages.PullImage;
import banger.wire.rpc.ImageMessages.PushImage;
import banger.wire.rpc.ImageMessages.RegisterImage;
import banger.wire.rpc.KernelMessages.ImportKernel;
import banger.wire.rpc.KernelMessages.KernelList;
import banger.wire.rpc.KernelMessages.KernelRef;
import banger.wire.rpc.KernelMessages.KernelView;
import banger.wire.rpc.NetworkMessages.NetworkView;
import banger.wire.rpc.OperationMessages.OperationList;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.SshMessages.Connect;
import banger.wire.rpc.SshMessages.Copy;
import banger.wire.rpc.SshMessages.SshAccess;
import banger.wire.rpc.SshMessages.SshConfig;
import banger.wire.rpc.TemplateMessages.TemplateList;
import banger.wire.rpc.TemplateMessages.TemplateRef;
import banger.wire.rpc.TemplateMessages.TemplateView;
import banger.wire.rpc.TemplateMessages.WarmImage;
import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.Logs;
import banger.wire.rpc.VmMessages.SetVm;
import banger.wire.rpc.VmMessages.SilentVms;
import banger.wire.rpc.VmMessages.StartVm;
import banger.wire.rpc.VmMessages.StopVm;
import banger.wire.rpc.VmMessages.StreamOpened;
import banger.wire.rpc.VmMessages.VmList;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.VmMessages.VmStats;
import banger.wire.rpc.VmMessages.VmView;
import banger.wire.rpc.WorkspaceMessages.CheckWorkspace;
import banger.wire.rpc.WorkspaceMessages.ExportReport;
import banger.wire.rpc.WorkspaceMessages.ExportWorkspace;
import banger.wire.rpc.WorkspaceMessages.PrepareWorkspace;
import banger.wire.rpc.WorkspaceMessages.WorkspaceStatus;

/**
 * Every method of the RPC interface.
 *
 * <p>A method that returns an {@link OperationRef} has only begun its work: follow it with {@link #OPERATION_WATCH}.
 * One that returns {@link StreamOpened} turns the connection into frames (docs/rpc.md).
 */
public final class Methods {
    public static final Method<Hello, HelloReply> HELLO = new Method<>("hello", Hello.class, HelloReply.class);

    public static final Method<Nothing, DaemonStatus> DAEMON_STATUS =
            new Method<>("daemon.status", Nothing.class, DaemonStatus.class);
    /** Whether the daemon could begin with the settings as they are written now; else the error has all their faults. */
    public static final Method<Nothing, Nothing> DAEMON_CHECK =
            new Method<>("daemon.check", Nothing.class, Nothing.class);
    /** The daemon replies, finishes what it holds, and ends; VMs go on. */
    public static final Method<Nothing, Nothing> DAEMON_STOP =
            new Method<>("daemon.stop", Nothing.class, Nothing.class);

    public static final Method<CreateVm, OperationRef> VM_CREATE =
            new Method<>("vm.create", CreateVm.class, OperationRef.class);
    public static final Method<Nothing, NetworkView> NETWORK_SHOW =
            new Method<>("network.show", Nothing.class, NetworkView.class);

    public static final Method<Nothing, VmList> VM_LIST = new Method<>("vm.list", Nothing.class, VmList.class);
    /** The VMs that were restored ahead of need and are nobody's yet; {@link #VM_LIST} has none of them. */
    public static final Method<Nothing, VmList> VM_POOL = new Method<>("vm.pool", Nothing.class, VmList.class);

    public static final Method<VmRef, VmView> VM_SHOW = new Method<>("vm.show", VmRef.class, VmView.class);
    /** Boots a stopped VM, and resumes a suspended one. */
    public static final Method<StartVm, OperationRef> VM_START =
            new Method<>("vm.start", StartVm.class, OperationRef.class);

    public static final Method<VmRef, OperationRef> VM_SUSPEND =
            new Method<>("vm.suspend", VmRef.class, OperationRef.class);
    public static final Method<VmRef, OperationRef> VM_RESUME =
            new Method<>("vm.resume", VmRef.class, OperationRef.class);
    /** Its last stage, {@code result}, has the copies' names as its text, with spaces between. */
    public static final Method<ForkVm, OperationRef> VM_FORK =
            new Method<>("vm.fork", ForkVm.class, OperationRef.class);

    public static final Method<SnapshotRef, OperationRef> SNAPSHOT_CREATE =
            new Method<>("snapshot.create", SnapshotRef.class, OperationRef.class);
    public static final Method<VmRef, SnapshotList> SNAPSHOT_LIST =
            new Method<>("snapshot.list", VmRef.class, SnapshotList.class);
    public static final Method<SnapshotRef, OperationRef> SNAPSHOT_RESTORE =
            new Method<>("snapshot.restore", SnapshotRef.class, OperationRef.class);
    public static final Method<SnapshotRef, OperationRef> SNAPSHOT_DELETE =
            new Method<>("snapshot.delete", SnapshotRef.class, OperationRef.class);
    public static final Method<StopVm, OperationRef> VM_STOP =
            new Method<>("vm.stop", StopVm.class, OperationRef.class);
    public static final Method<StopVm, OperationRef> VM_RESTART =
            new Method<>("vm.restart", StopVm.class, OperationRef.class);
    public static final Method<VmRef, OperationRef> VM_KILL = new Method<>("vm.kill", VmRef.class, OperationRef.class);
    public static final Method<VmRef, OperationRef> VM_DELETE =
            new Method<>("vm.delete", VmRef.class, OperationRef.class);
    /** Changes what the VM is; the next start goes by it. */
    public static final Method<SetVm, VmView> VM_SET = new Method<>("vm.set", SetVm.class, VmView.class);

    public static final Method<VmRef, VmStats> VM_STATS = new Method<>("vm.stats", VmRef.class, VmStats.class);
    /** Asks the agent of every running VM at once. */
    public static final Method<Nothing, SilentVms> VM_SILENT =
            new Method<>("vm.silent", Nothing.class, SilentVms.class);
    /** Frames of channel 1: DATA with the console's bytes, EXIT at the end (with follow: when the VM is gone). */
    public static final Method<Logs, StreamOpened> VM_LOGS = new Method<>("vm.logs", Logs.class, StreamOpened.class);
    /** Frames of channel 1, as docs/guest-protocol.md has them for exec. */
    public static final Method<Exec, StreamOpened> VM_EXEC = new Method<>("vm.exec", Exec.class, StreamOpened.class);

    public static final Method<PrepareWorkspace, OperationRef> WORKSPACE_PREPARE =
            new Method<>("workspace.prepare", PrepareWorkspace.class, OperationRef.class);
    /** Fails where a preparation in a VM that is yet to be created would. */
    public static final Method<CheckWorkspace, Nothing> WORKSPACE_CHECK =
            new Method<>("workspace.check", CheckWorkspace.class, Nothing.class);
    /** Compares the workspace with its repository on the host. */
    public static final Method<VmRef, WorkspaceStatus> WORKSPACE_STATUS =
            new Method<>("workspace.status", VmRef.class, WorkspaceStatus.class);

    public static final Method<ExportWorkspace, OperationRef> WORKSPACE_EXPORT =
            new Method<>("workspace.export", ExportWorkspace.class, OperationRef.class);
    /** What an export that is done has brought home. */
    public static final Method<OperationRef, ExportReport> WORKSPACE_EXPORTED =
            new Method<>("workspace.exported", OperationRef.class, ExportReport.class);

    public static final Method<VmRef, SshAccess> VM_SSH = new Method<>("vm.ssh", VmRef.class, SshAccess.class);
    /** Frames of channel 1: a connection to an SSH server in the guest, which needs no network. */
    public static final Method<VmRef, StreamOpened> VM_SSH_STREAM =
            new Method<>("vm.ssh_stream", VmRef.class, StreamOpened.class);
    /** Frames of channel 1, as docs/guest-protocol.md has them for tcp. */
    public static final Method<Connect, StreamOpened> VM_CONNECT =
            new Method<>("vm.connect", Connect.class, StreamOpened.class);

    public static final Method<Copy, OperationRef> VM_COPY = new Method<>("vm.copy", Copy.class, OperationRef.class);
    public static final Method<Nothing, SshConfig> SSH_CONFIG =
            new Method<>("ssh.config", Nothing.class, SshConfig.class);

    public static final Method<Nothing, ImageList> IMAGE_LIST =
            new Method<>("image.list", Nothing.class, ImageList.class);
    public static final Method<ImageRef, ImageView> IMAGE_SHOW =
            new Method<>("image.show", ImageRef.class, ImageView.class);
    public static final Method<ImageRef, ImageHistory> IMAGE_HISTORY =
            new Method<>("image.history", ImageRef.class, ImageHistory.class);
    public static final Method<CommitImage, OperationRef> IMAGE_COMMIT =
            new Method<>("image.commit", CommitImage.class, OperationRef.class);
    public static final Method<DiffImage, ImageDiff> IMAGE_DIFF =
            new Method<>("image.diff", DiffImage.class, ImageDiff.class);
    /** Refused while VMs stand on the image. */
    public static final Method<ImageRef, ImageDeleted> IMAGE_DELETE =
            new Method<>("image.delete", ImageRef.class, ImageDeleted.class);
    /** Removes the files that no image needs, the kept results of build steps among them. */
    public static final Method<PruneImages, Pruned> IMAGE_PRUNE =
            new Method<>("image.prune", PruneImages.class, Pruned.class);

    /** Makes an image of another by steps that run inside a VM of it. */
    public static final Method<BuildImage, OperationRef> IMAGE_BUILD =
            new Method<>("image.build", BuildImage.class, OperationRef.class);

    public static final Method<BootstrapImage, OperationRef> IMAGE_BOOTSTRAP =
            new Method<>("image.bootstrap", BootstrapImage.class, OperationRef.class);

    public static final Method<WarmImage, OperationRef> IMAGE_WARM =
            new Method<>("image.warm", WarmImage.class, OperationRef.class);

    public static final Method<Nothing, TemplateList> TEMPLATE_LIST =
            new Method<>("template.list", Nothing.class, TemplateList.class);
    /** Returns what was deleted. */
    public static final Method<TemplateRef, TemplateView> TEMPLATE_DELETE =
            new Method<>("template.delete", TemplateRef.class, TemplateView.class);
    /** Deletes stale templates and returns them. */
    public static final Method<Nothing, TemplateList> TEMPLATE_PRUNE =
            new Method<>("template.prune", Nothing.class, TemplateList.class);

    public static final Method<ImportImage, OperationRef> IMAGE_IMPORT =
            new Method<>("image.import", ImportImage.class, OperationRef.class);

    /** Puts an image into a registry. */
    public static final Method<PushImage, OperationRef> IMAGE_PUSH =
            new Method<>("image.push", PushImage.class, OperationRef.class);
    /** Gets one from there that was pushed. */
    public static final Method<PullImage, OperationRef> IMAGE_PULL =
            new Method<>("image.pull", PullImage.class, OperationRef.class);
    /** Makes an image that points at files of the user's. */
    public static final Method<RegisterImage, OperationRef> IMAGE_REGISTER =
            new Method<>("image.register", RegisterImage.class, OperationRef.class);
    /** Takes the files of such an image into the store. */
    public static final Method<ImageRef, OperationRef> IMAGE_PROMOTE =
            new Method<>("image.promote", ImageRef.class, OperationRef.class);

    public static final Method<Nothing, KernelList> KERNEL_LIST =
            new Method<>("kernel.list", Nothing.class, KernelList.class);
    public static final Method<KernelRef, KernelView> KERNEL_SHOW =
            new Method<>("kernel.show", KernelRef.class, KernelView.class);
    /** Its last stage, {@code result}, has the kernel's id as its text. */
    public static final Method<ImportKernel, OperationRef> KERNEL_IMPORT =
            new Method<>("kernel.import", ImportKernel.class, OperationRef.class);
    /** Images that come without a kernel get this one from now on. */
    public static final Method<KernelRef, Nothing> KERNEL_DEFAULT =
            new Method<>("kernel.default", KernelRef.class, Nothing.class);
    /** Refused while an image or a VM names it. */
    public static final Method<KernelRef, Nothing> KERNEL_DELETE =
            new Method<>("kernel.delete", KernelRef.class, Nothing.class);

    public static final Method<Nothing, OperationList> OPERATION_LIST =
            new Method<>("operation.list", Nothing.class, OperationList.class);
    public static final Method<OperationRef, OperationView> OPERATION_STATUS =
            new Method<>("operation.status", OperationRef.class, OperationView.class);
    /** Sends {@link #STAGE} and {@link #OUTPUT} notifications, from the operation's first stage on, until it ends; then its view. */
    public static final Method<OperationRef, OperationView> OPERATION_WATCH =
            new Method<>("operation.watch", OperationRef.class, OperationView.class);
    /** Asks the operation to stop and undo; watch it to see how it ends. */
    public static final Method<OperationRef, OperationView> OPERATION_CANCEL =
            new Method<>("operation.cancel", OperationRef.class, OperationView.class);

    /** The notification of {@link #OPERATION_WATCH}; its params are an {@code OperationMessages.StageEvent}. */
    public static final String STAGE = "operation.stage";

    /** The other one; its params are an {@code OperationMessages.OutputEvent}. A slow watcher loses the oldest. */
    public static final String OUTPUT = "operation.output";

    private Methods() {}
}
