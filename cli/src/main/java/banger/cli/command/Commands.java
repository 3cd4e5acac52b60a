package banger.cli.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every command by its path, such as {@code "vm create"}. */
public final class Commands {
    /** The paths in the order in which they are listed. */
    public static final List<String> PATHS = List.of(
            "ps",
            "vm create",
            "vm run",
            "vm list",
            "vm show",
            "vm start",
            "vm stop",
            "vm restart",
            "vm kill",
            "vm delete",
            "vm suspend",
            "vm resume",
            "vm fork",
            "vm snapshot create",
            "vm snapshot list",
            "vm snapshot restore",
            "vm snapshot delete",
            "vm exec",
            "vm workspace prepare",
            "vm workspace export",
            "vm workspace show",
            "vm ssh",
            "vm cp",
            "vm port-forward",
            "vm proxy",
            "vm logs",
            "vm ports",
            "vm stats",
            "vm set",
            "ssh-config install",
            "ssh-config remove",
            "ssh-config print",
            "image list",
            "image show",
            "image history",
            "image diff",
            "image bootstrap",
            "image build",
            "image commit",
            "image delete",
            "image prune",
            "image warm",
            "template list",
            "template delete",
            "template prune",
            "image import",
            "image push",
            "image pull",
            "image register",
            "image promote",
            "kernel list",
            "kernel show",
            "kernel import",
            "kernel default",
            "kernel delete",
            "operation list",
            "operation watch",
            "operation cancel",
            "network show",
            "network resolved",
            "config show",
            "config path",
            "config check",
            "daemon status",
            "daemon start",
            "daemon stop",
            "daemon restart",
            "daemon logs",
            "daemon install",
            "daemon uninstall",
            "doctor",
            "version",
            "completion");

    private Commands() {}

    /** Whether this beginning of a command's path takes a further word. */
    public static boolean isGroup(String path) {
        return switch (path) {
            case "vm",
                    "vm snapshot",
                    "vm workspace",
                    "ssh-config",
                    "image",
                    "kernel",
                    "template",
                    "operation",
                    "network",
                    "config",
                    "daemon" -> true;
            default -> false;
        };
    }

    /** A new instance of the command, or null where there is none of that path. */
    public static @Nullable CliCommand of(String path) {
        return switch (path) {
            case "ps" -> new PsCommand();
            case "vm create" -> new VmCreateCommand();
            case "vm run" -> new VmRunCommand();
            case "vm list" -> new VmListCommand();
            case "vm show" -> new VmShowCommand();
            case "vm start" -> new VmStartCommand();
            case "vm stop" -> new VmStopCommand();
            case "vm restart" -> new VmRestartCommand();
            case "vm kill" -> new VmKillCommand();
            case "vm delete" -> new VmDeleteCommand();
            case "vm suspend" -> new VmSuspendCommand();
            case "vm resume" -> new VmResumeCommand();
            case "vm fork" -> new VmForkCommand();
            case "vm snapshot create" -> new SnapshotCreateCommand();
            case "vm snapshot list" -> new SnapshotListCommand();
            case "vm snapshot restore" -> new SnapshotRestoreCommand();
            case "vm snapshot delete" -> new SnapshotDeleteCommand();
            case "vm exec" -> new VmExecCommand();
            case "vm workspace prepare" -> new WorkspacePrepareCommand();
            case "vm workspace export" -> new WorkspaceExportCommand();
            case "vm workspace show" -> new WorkspaceShowCommand();
            case "vm ssh" -> new VmSshCommand();
            case "vm cp" -> new VmCpCommand();
            case "vm port-forward" -> new VmPortForwardCommand();
            case "vm proxy" -> new VmProxyCommand();
            case "ssh-config install" -> new SshConfigInstallCommand();
            case "ssh-config remove" -> new SshConfigRemoveCommand();
            case "ssh-config print" -> new SshConfigPrintCommand();
            case "vm logs" -> new VmLogsCommand();
            case "vm ports" -> new VmPortsCommand();
            case "vm stats" -> new VmStatsCommand();
            case "vm set" -> new VmSetCommand();
            case "image push" -> new ImagePushCommand();
            case "image pull" -> new ImagePullCommand();
            case "image register" -> new ImageRegisterCommand();
            case "image promote" -> new ImagePromoteCommand();
            case "image import" -> new ImageImportCommand();
            case "kernel list" -> new KernelListCommand();
            case "kernel show" -> new KernelShowCommand();
            case "kernel import" -> new KernelImportCommand();
            case "kernel default" -> new KernelDefaultCommand();
            case "kernel delete" -> new KernelDeleteCommand();
            case "image list" -> new ImageListCommand();
            case "image show" -> new ImageShowCommand();
            case "image history" -> new ImageHistoryCommand();
            case "image bootstrap" -> new ImageBootstrapCommand();
            case "image diff" -> new ImageDiffCommand();
            case "image build" -> new ImageBuildCommand();
            case "image commit" -> new ImageCommitCommand();
            case "image delete" -> new ImageDeleteCommand();
            case "image prune" -> new ImagePruneCommand();
            case "image warm" -> new ImageWarmCommand();
            case "template list" -> new TemplateListCommand();
            case "template delete" -> new TemplateDeleteCommand();
            case "template prune" -> new TemplatePruneCommand();
            case "operation list" -> new OperationListCommand();
            case "operation watch" -> new OperationWatchCommand();
            case "operation cancel" -> new OperationCancelCommand();
            case "network show" -> new NetworkShowCommand();
            case "network resolved" -> new NetworkResolvedCommand();
            case "config show" -> new ConfigShowCommand();
            case "config path" -> new ConfigPathCommand();
            case "config check" -> new ConfigCheckCommand();
            case "daemon status" -> new DaemonStatusCommand();
            case "daemon start" -> new DaemonStartCommand();
            case "daemon stop" -> new DaemonStopCommand();
            case "daemon restart" -> new DaemonRestartCommand();
            case "daemon logs" -> new DaemonLogsCommand();
            case "daemon install" -> new DaemonInstallCommand();
            case "daemon uninstall" -> new DaemonUninstallCommand();
            case "doctor" -> new DoctorCommand();
            case "version" -> new VersionCommand();
            case "completion" -> new CompletionCommand();
            case GitRemoteCommand.PATH -> new GitRemoteCommand();
            case NamesCommand.PATH -> new NamesCommand();
            default -> null;
        };
    }
}
