package banger.daemon.rpc;

import banger.daemon.guest.AgentChannel;
import banger.daemon.guest.AgentException;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.guest.ExecRequest;
import banger.daemon.image.GuestProfile;
import banger.daemon.problem.Problem;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.daemon.workspace.Workspace;
import banger.daemon.workspace.Workspaces;
import banger.wire.frame.Frame;
import banger.wire.frame.PayloadReader;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.StreamOpened;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs a command in a guest on behalf of a client, whose connection becomes the command's streams. */
final class ExecHandler implements StreamHandler<Exec> {
    private static final int OPEN_BOUND_SECONDS = 60;

    private final VmStore store;
    private final LiveVms live;
    private final Workspaces workspaces;
    private final GuestDefaults defaults;

    ExecHandler(VmStore store, LiveVms live, Workspaces workspaces, GuestDefaults defaults) {
        this.defaults = defaults;
        this.store = store;
        this.live = live;
        this.workspaces = workspaces;
    }

    @Override
    public boolean handle(long id, Exec exec, Connection connection) throws IOException {
        Vm vm = store.resolve(exec.vm());
        Workspace workspace = exec.workspace() ? Workspaces.of(vm) : null;
        AgentSession session = live.session(vm);
        ExecRequest request = request(vm, exec, workspace, session);
        // Git looks at the host's repository while the guest starts the command.
        CompletableFuture<@Nullable String> notice = notice(vm, workspace);
        var relay = new StreamRelay();
        AgentChannel channel;
        try {
            channel = session.open(ChannelKind.EXEC, request::writeTo, relay);
        } catch (AgentException e) {
            throw new Problem(Problem.Kind.FAILED, message(e) + "; the command never ran", null, e);
        }
        long pid = opened(vm, exec, relay, channel);
        connection.result(id, Methods.VM_EXEC, new StreamOpened(StreamRelay.CLIENT_CHANNEL, pid, notice.join()));
        relay.run(channel, connection);
        return false;
    }

    private CompletableFuture<@Nullable String> notice(Vm vm, @Nullable Workspace workspace) {
        var notice = new CompletableFuture<@Nullable String>();
        if (workspace == null) {
            notice.complete(null);
        } else {
            Thread.ofVirtual().name("notice-" + vm.name()).start(() -> {
                try {
                    Workspaces.Notice found = workspaces.notice(vm);
                    notice.complete(found == null ? null : found.text());
                } catch (RuntimeException e) {
                    notice.complete("the workspace cannot be compared with the host: " + e.getMessage());
                }
            });
        }
        return notice;
    }

    private ExecRequest request(Vm vm, Exec exec, @Nullable Workspace workspace, AgentSession session) {
        if (exec.argv() == null || exec.argv().isEmpty()) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT, "no command was given", "banger vm exec " + exec.vm() + " -- ls");
        }
        GuestProfile profile = defaults.profile(vm);
        String folder = workspace == null ? profile.folder() : workspace.guestPath();
        boolean mise = exec.mise() && session.can(ExecRequest.MISE);
        List<String> env = new ArrayList<>(Objects.requireNonNullElse(exec.env(), List.of()));
        if (mise && workspace != null) {
            // Preparing makes mise trust the folder; it may have been installed only afterwards.
            env.addFirst("MISE_TRUSTED_CONFIG_PATHS=" + folder);
        }
        return new ExecRequest(
                exec.argv(),
                defaults.environment(vm, profile, env),
                Objects.requireNonNullElse(exec.cwd(), folder),
                Objects.requireNonNullElse(exec.user(), profile.user()),
                exec.tty(),
                exec.stdin(),
                exec.columns(),
                exec.rows(),
                mise);
    }

    private static long opened(Vm vm, Exec exec, StreamRelay relay, AgentChannel channel) {
        try {
            Frame first = relay.first().get(OPEN_BOUND_SECONDS, TimeUnit.SECONDS);
            PayloadReader fields = first.read();
            return switch (first.type()) {
                case OPENED -> fields.u32();
                case REFUSED -> throw refused(vm, exec, fields.u16(), fields.string());
                default -> throw new IOException(first.type() + " in place of OPENED");
            };
        } catch (ExecutionException | IOException e) {
            channel.close();
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new Problem(
                    Problem.Kind.OUTCOME_UNKNOWN,
                    cause.getMessage() + "; whether the command ran is unknown",
                    "banger vm show " + vm.name(),
                    e);
        } catch (TimeoutException e) {
            channel.close();
            throw new Problem(
                    Problem.Kind.OUTCOME_UNKNOWN,
                    "vm " + vm.name() + " did not answer within " + OPEN_BOUND_SECONDS
                            + " s; whether the command ran is unknown",
                    "banger vm logs " + vm.name(),
                    e);
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, "the daemon is ending; whether the command ran is unknown");
        }
    }

    private static Problem refused(Vm vm, Exec exec, int code, String message) {
        Problem.Kind kind = switch (code) {
            case AgentException.NOT_FOUND -> Problem.Kind.COMMAND_NOT_FOUND;
            case AgentException.NOT_EXECUTABLE -> Problem.Kind.COMMAND_NOT_EXECUTABLE;
            case AgentException.NO_SUCH_USER, AgentException.BAD_DIRECTORY -> Problem.Kind.INVALID_ARGUMENT;
            default -> Problem.Kind.FAILED;
        };
        String hint = code == AgentException.BAD_DIRECTORY ? "-w DIR names another folder to start in" : null;
        return new Problem(kind, "vm " + vm.name() + ": " + exec.argv().getFirst() + " never ran: " + message, hint);
    }

    private static String message(IOException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }
}
