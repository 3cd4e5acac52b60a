package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.StageEvent;
import banger.wire.rpc.SshMessages.Copy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Copies files and folders between the host and a VM. */
@CommandDefinition(
        name = "cp",
        description = "Copy a file or a folder to or from a VM, with modes, times and symbolic links.\n"
                + "A folder that exists receives the copy inside; SRC/. is a folder's content. A file takes the\n"
                + "place of one of the same name, as with cp. What is new appears as a whole or not at all; where a folder\n"
                + "is merged into another, entry by entry once all have come. In the VM a path without a slash begins in the\n"
                + "user's home.")
public final class VmCpCommand extends CliCommand {
    private static final String PATH = "vm cp";

    @Option(name = "user", shortName = 'u', description = "who reads or owns the files in the VM (root)")
    @Nullable
    String user;

    @Option(
            name = "keep-links",
            hasValue = false,
            description = "take symbolic links from the VM that point outside of SRC as they are")
    boolean keepLinks;

    @Arguments(index = "0..*", description = "from where and to where; one of them VM:PATH")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.size() != 2) {
            throw CliFailure.usage(PATH, "give a source and a destination, one of them VM:PATH");
        }
        String from = words.getFirst();
        String to = words.getLast();
        int fromVm = vmLength(from);
        int toVm = vmLength(to);
        if (fromVm > 0 == toVm > 0) {
            throw CliFailure.usage(
                    PATH,
                    fromVm > 0
                            ? "both \"" + from + "\" and \"" + to + "\" are in VMs; copy by way of the host"
                            : "neither \"" + from + "\" nor \"" + to + "\" is in a VM; VM:PATH is");
        }
        boolean toGuest = toVm > 0;
        String remote = toGuest ? to : from;
        int vm = toGuest ? toVm : fromVm;
        Copy copy = new Copy(
                remote.substring(0, vm),
                absolute(toGuest ? from : to),
                remote.substring(vm + 1),
                toGuest,
                user == null ? "" : user,
                keepLinks);
        return copy(session, copy, from + " to " + to);
    }

    private static int copy(Session session, Copy copy, String what) throws IOException {
        try (DaemonConnection daemon = session.connect()) {
            OperationRef operation = daemon.call(Methods.VM_COPY, copy);
            var done = Foreground.follow(
                    session, daemon, operation, () -> cancel(session, operation), "INT", "TERM", "HUP");
            StringBuilder text = new StringBuilder("copied ").append(what);
            for (StageEvent stage : done.stages()) {
                if (stage.stage().equals("copied")) {
                    text.append(": ").append(stage.text());
                }
            }
            session.output().note(text.toString());
            return ExitCode.OK;
        }
    }

    /** Runs beside the thread that follows, which sees the copy end without having left anything. */
    private static void cancel(Session session, OperationRef operation) {
        try (DaemonConnection daemon = session.connect()) {
            daemon.call(Methods.OPERATION_CANCEL, operation);
        } catch (IOException | CliFailure e) {
            session.output().note("banger: the copy cannot be cancelled: " + e.getMessage());
        }
    }

    /** Where the colon behind a VM stands, or 0: a slash before it makes it a path of the host. */
    private static int vmLength(String word) {
        int colon = word.indexOf(':');
        int slash = word.indexOf('/');
        return colon > 0 && (slash < 0 || colon < slash) ? colon : 0;
    }

    /** As the daemon stands in another folder; what the end says (a slash, or a dot) is kept. */
    private static String absolute(String path) {
        if (path.isEmpty()) {
            throw CliFailure.usage(PATH, "an empty word stands where a path is expected");
        }
        String whole = Path.of(path).toAbsolutePath().toString();
        return path.endsWith("/") && !whole.endsWith("/") ? whole + "/" : whole;
    }

    @Override
    public String synopsis() {
        return "[-u USER] [--keep-links] SRC VM:DST | VM:SRC DST";
    }

    @Override
    public String examples() {
        return """
                banger vm cp notes.txt beta:
                banger vm cp src/. beta:/srv/app
                banger vm cp beta:/var/log ./beta-log
                """;
    }
}
