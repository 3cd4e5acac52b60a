package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.progress.Operations;
import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.StartVm;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.VmMessages.VmView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/**
 * What git runs as {@code git-remote-banger} for a remote {@code banger::VM} or {@code banger::VM/path/in/the/guest}, or
 * the same as {@code banger://VM/path} (gitremote-helpers(7)): it connects git with git's own program in the guest.
 */
@CommandDefinition(name = GitRemoteCommand.PATH, description = "Serve git as its remote helper.")
public final class GitRemoteCommand extends CliCommand {
    static final String PATH = "__git-remote";
    private static final String SCHEME = "banger://";
    private static final int MAX_LINE_BYTES = 4096;

    @Arguments(index = "0..*", description = "the remote's name, and VM or VM/path")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        String remote = words.isEmpty() ? "" : words.getLast();
        String address = remote.startsWith(SCHEME) ? remote.substring(SCHEME.length()) : remote;
        int slash = address.indexOf('/');
        String vm = slash < 0 ? address : address.substring(0, slash);
        if (vm.isEmpty()) {
            throw new CliFailure("a remote of banger's is banger::VM or banger::VM/path", "git remote -v");
        }
        while (true) {
            String line = line(session.input());
            if (line.isEmpty()) {
                return ExitCode.OK;
            }
            if (line.equals("capabilities")) {
                answer(session, "connect\n\n");
            } else if (line.equals("connect git-upload-pack") || line.equals("connect git-receive-pack")) {
                String program = line.substring("connect git-".length());
                String path = slash < 0 ? workspaceOf(session, vm) : address.substring(slash);
                start(session, vm);
                answer(session, "\n");
                return new GuestCommand(session).run(Exec.plain(vm, List.of("git", program, path), "/", true));
            } else if (line.startsWith("connect ")) {
                answer(session, "fallback\n");
            } else {
                throw new CliFailure("git asks its remote helper for \"" + line + "\", which it does not know", null);
            }
        }
    }

    private static String workspaceOf(Session session, String vm) throws IOException {
        try (DaemonConnection daemon = session.connect()) {
            var workspace = daemon.call(Methods.WORKSPACE_STATUS, new VmRef(vm)).workspace();
            if (workspace == null) {
                throw new CliFailure(
                        "vm " + vm + " has no workspace",
                        "banger vm workspace prepare " + vm + ", or banger::" + vm + "/path");
            }
            return workspace.guestPath();
        }
    }

    /** A VM that is stopped is started; one that cannot be says why. */
    private static void start(Session session, String vm) throws IOException {
        try (DaemonConnection daemon = session.connect()) {
            VmView view = daemon.call(Methods.VM_SHOW, new VmRef(vm));
            if (!view.state().equals("running")) {
                session.output().note("banger: starting " + view.name());
                var operation = daemon.call(Methods.VM_START, new StartVm(vm, null));
                Operations.requireDone(Operations.follow(daemon, operation, session.stages()));
            }
        }
    }

    private static void answer(Session session, String text) throws IOException {
        session.output().out().write(text.getBytes(StandardCharsets.US_ASCII));
        session.output().out().flush();
    }

    /** One line, and not a byte more: what follows the last one is for the program in the guest. */
    private static String line(InputStream input) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = input.read(); next >= 0 && next != '\n'; next = input.read()) {
            line.write(next);
            if (line.size() > MAX_LINE_BYTES) {
                throw new CliFailure(
                        "git sent its remote helper a line of more than " + MAX_LINE_BYTES + " bytes", null);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String synopsis() {
        return "REMOTE VM[/PATH]";
    }

    @Override
    public String examples() {
        return "git fetch banger::beta";
    }
}
