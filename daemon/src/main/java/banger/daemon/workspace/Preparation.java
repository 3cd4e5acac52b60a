package banger.daemon.workspace;

import banger.daemon.archive.TarFiles;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.PipedProgram;
import banger.daemon.problem.Problem;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One preparation of a workspace in a guest.
 *
 * <p>Where the guest still has the workspace of the last one, only what has changed on the host is sent; else all of it.
 * Either way what is sent is put aside in the guest first, so that a failure leaves the old workspace as it was.
 */
final class Preparation {
    /** Exit statuses of the guest's scripts. */
    private static final int OCCUPIED = 43;

    private static final int NOT_THAT_WORKSPACE = 44;
    private static final int CHANGED_IN_GUEST = 46;
    private static final int IN_THE_WAY = 47;
    private static final int MAX_LOOKS = 3;

    /** What was sent. */
    record Sent(boolean everything, int files, long bytes) {}

    /**
     * What was prepared the last time.
     *
     * @param kept the folder in which the host keeps what it was
     */
    record Previous(Workspace workspace, Path kept) {}

    private final Guest guest;
    private final Repository repository;
    private final GitIndex tree;
    private final Source source;
    private final Workspace next;
    private final boolean force;
    private final Progress progress;
    private final @Nullable Previous previous;
    private final String aside;
    private final String old;
    private final AtomicLong moved = new AtomicLong();

    Preparation(
            Guest guest,
            Snapshot snapshot,
            Source source,
            Workspace next,
            @Nullable Previous previous,
            boolean force,
            Progress progress) {
        this.guest = guest;
        this.repository = snapshot.repository();
        tree = snapshot.tree();
        this.source = source;
        this.next = next;
        this.previous = previous;
        this.force = force;
        this.progress = progress;
        aside = aside(next);
        Path target = Path.of(next.guestPath());
        old = target.resolveSibling("." + target.getFileName() + ".banger-old").toString();
    }

    /** The guest for such a preparation: what it needs in any case is started, while the host is still looked at. */
    static EagerGuest begin(Guest guest, Workspace next, @Nullable Previous previous) {
        // In full mode the history comes first, and of a whole copy the guest is asked what was done in it.
        return previous != null && next.mode() == WorkspaceMode.SHALLOW && canUpdate(previous, next)
                ? EagerGuest.starting(guest, Script.UPDATE.argv(updateArguments(next, previous.workspace(), "check")))
                : EagerGuest.idle(guest);
    }

    private static String aside(Workspace next) {
        Path target = Path.of(next.guestPath());
        return target.resolveSibling("." + target.getFileName() + ".banger-new").toString();
    }

    private static List<String> updateArguments(Workspace next, Workspace last, String check) {
        return List.of(
                next.guestPath(),
                aside(next) + "." + next.generation(),
                last.generation(),
                last.commit() == null ? "(initial)" : last.commit(),
                ref(next),
                check);
    }

    /** The ref that the guest's HEAD will name, or empty. */
    private static String ref(Workspace next) {
        return next.head() == null ? "" : "refs/heads/" + next.head();
    }

    Sent run() {
        Previous last = previous;
        if (last != null && canUpdate(last, next)) {
            Sent sent = update(last);
            if (sent != null) {
                return sent;
            }
        }
        // A history is fetched before the files, and not in vain.
        Sent sent = next.mode() == WorkspaceMode.FULL ? null : replace("keep");
        for (int looks = 0; sent == null && looks < MAX_LOOKS; looks++) {
            sent = replace(mayGo(inspect("all")));
        }
        if (sent == null) {
            throw changesAllTheTime();
        }
        return sent;
    }

    private static boolean canUpdate(Previous last, Workspace next) {
        Workspace workspace = last.workspace();
        boolean sameMode = workspace.mode() == next.mode()
                || workspace.mode() == WorkspaceMode.SHALLOW && next.mode() == WorkspaceMode.FULL;
        return sameMode
                && workspace.guestPath().equals(next.guestPath())
                && workspace.hostPath().equals(next.hostPath())
                && (workspace.commit() == null) == (next.commit() == null)
                && Files.isDirectory(last.kept());
    }

    /** Null where the guest does not have that workspace any more. */
    private @Nullable Sent update(Previous last) {
        boolean deepen = last.workspace().mode() == WorkspaceMode.SHALLOW;
        if (next.mode() == WorkspaceMode.FULL
                && !fetch(next.guestPath(), last.workspace().generation(), deepen)) {
            return null;
        }
        // A whole copy has branches of the guest's in files that the host's would replace.
        boolean look = next.mode() == WorkspaceMode.FULL_COPY;
        for (int looks = 0; looks <= MAX_LOOKS; looks++) {
            List<String> touched = null;
            if (look) {
                GuestWork found = inspect(next.mode() == WorkspaceMode.FULL_COPY ? "all" : "HEAD");
                if (found.kind() != GuestWork.Kind.WORKSPACE) {
                    return null;
                }
                refuseToDiscard(found);
                touched = found.files();
            }
            Payload payload = source.since(last.workspace(), last.kept(), touched);
            String check = !look ? "check" : force ? "force" : "looked";
            GuestRun.Outcome outcome = send(Script.UPDATE, updateArguments(next, last.workspace(), check), payload);
            switch (outcome.status()) {
                case 0 -> {
                    refuseToOverwrite(outcome);
                    return new Sent(false, payload.files(), moved.get());
                }
                case NOT_THAT_WORKSPACE -> {
                    return null;
                }
                case CHANGED_IN_GUEST -> look = true;
                case IN_THE_WAY -> {
                    refuseToOverwrite(outcome);
                    look = true;
                }
                default -> throw failure(outcome);
            }
        }
        throw changesAllTheTime();
    }

    /** How what is at the place is to be treated. @throws Problem where it has to stay */
    private String mayGo(GuestWork found) {
        switch (found.kind()) {
            case ABSENT -> {
                return "keep";
            }
            case FOREIGN ->
                refuse(found, next.guestPath() + " was not prepared by banger and holds " + found.describe());
            case OVERGROWN, WORKSPACE -> refuseToDiscard(found);
        }
        return force ? "replace" : "looked";
    }

    /** Null where something is in the way that nobody has allowed to go. */
    private @Nullable Sent replace(String may) {
        boolean begun = next.mode() == WorkspaceMode.FULL;
        if (begun) {
            fetch(aside, "new", false);
        }
        Payload payload = source.all();
        GuestRun.Outcome outcome =
                send(Script.REPLACE, List.of(next.guestPath(), aside, old, begun ? "begun" : "new", may), payload);
        return switch (outcome.status()) {
            case 0 -> {
                refuseToOverwrite(outcome);
                yield new Sent(true, payload.files(), moved.get());
            }
            case IN_THE_WAY -> {
                refuseToOverwrite(outcome);
                yield null;
            }
            case OCCUPIED, CHANGED_IN_GUEST -> null;
            default -> throw failure(outcome);
        };
    }

    private Problem changesAllTheTime() {
        return new Problem(
                Problem.Kind.FAILED,
                "files or branches in " + next.guestPath() + " of " + guest.name()
                        + " change all the time, so what would be lost cannot be told",
                "stop what works in it, or: banger vm workspace prepare --force");
    }

    private GuestRun.Outcome send(Script script, List<String> arguments, Payload payload) {
        int files = payload.files();
        progress.stage("copy", "copying " + files + " files to " + next.guestPath());
        moved.set(0);
        long total = payload.bytes();
        return GuestRun.run(
                guest,
                script,
                arguments,
                out -> payload.send(
                        new TarFiles(out, count -> tellFiles(count, files)),
                        bytes -> tell(moved.addAndGet(bytes), total)),
                progress);
    }

    private void tellFiles(long done, int total) {
        // Git's own files come behind those of the work tree.
        progress.text("copied " + Math.min(done, total) + " of " + total + " files to " + next.guestPath());
    }

    private void tell(long done, long total) {
        progress.progress(done, Math.max(done, total), "bytes");
    }

    /** Git's own transport, between the host's upload-pack and the guest's fetch. False where that workspace is not there. */
    private boolean fetch(String folder, String generation, boolean deepen) {
        progress.stage("fetch", "fetching the history of " + repository.top());
        var bytes = new AtomicLong();
        var said = new StringBuffer();
        List<String> upload = List.of(
                "git",
                "-c",
                "uploadpack.allowAnySHA1InWant=true",
                "upload-pack",
                repository.top().toString());
        try (PipedProgram host = PipedProgram.start(Path.of("/"), upload)) {
            HostStream.listen(host.stderr(), said);
            GuestRun.Outcome outcome = GuestRun.run(
                    guest,
                    Script.FETCH,
                    List.of(
                            folder,
                            old,
                            next.guestPath(),
                            generation,
                            repository.objectFormat(),
                            Objects.requireNonNull(next.commit()),
                            deepen ? "deepen" : "as it is",
                            force ? "force" : "keep"),
                    out -> HostStream.pump(
                            host.stdout(), out, count -> progress.progress(bytes.addAndGet(count), null, "bytes")),
                    in -> {
                        try (OutputStream to = host.stdin()) {
                            HostStream.pump(in, to, count -> {});
                        }
                    },
                    progress);
            if (outcome.status() == NOT_THAT_WORKSPACE) {
                return false;
            }
            if (outcome.status() != 0) {
                throw failure(new GuestRun.Outcome(outcome.status(), outcome.output(), said + outcome.errors()));
            }
            return true;
        }
    }

    private GuestWork inspect(String what) {
        progress.stage("look", "looking at what was done in " + next.guestPath());
        GuestRun.Outcome outcome = GuestRun.run(
                guest, Script.INSPECT, List.of(next.guestPath(), old, what, ref(next)), GuestRun.NOTHING, progress);
        if (outcome.status() != 0) {
            throw failure(outcome);
        }
        // Repositories inside the work tree are the host's own, though no index of it names them.
        return GuestWork.parse(outcome.output(), previous == null ? Set.of() : Snapshot.nestedIn(previous.kept()));
    }

    private void refuseToDiscard(GuestWork found) {
        String prepared = previous == null ? null : previous.workspace().commit();
        GuestWork lost = found.notIn(repository, prepared, tree);
        if (!lost.isNothing()) {
            refuse(lost, "preparing again would discard work done in " + guest.name() + ": " + lost.describe());
        }
    }

    /** Files that git ignores in the guest are no work of its, but the host may have others of their names. */
    private void refuseToOverwrite(GuestRun.Outcome outcome) {
        List<String> names = Snapshot.names(outcome.output());
        if (!names.isEmpty()) {
            GuestWork lost = GuestWork.ignored(names);
            refuse(
                    lost,
                    "preparing again would overwrite what git ignores in " + guest.name() + " and the host now has: "
                            + lost.describe(),
                    "banger vm cp, to bring it home, or: banger vm workspace prepare --force");
        }
    }

    private void refuse(GuestWork lost, String message) {
        refuse(lost, message, "banger vm workspace export, to bring it home, or: banger vm workspace prepare --force");
    }

    private void refuse(GuestWork lost, String message, String hint) {
        if (!force) {
            throw new Problem(Problem.Kind.WRONG_STATE, message, hint);
        }
        progress.stage("discard", "discarding " + lost.describe());
    }

    private Problem failure(GuestRun.Outcome outcome) {
        String said = GuestWork.readable(
                outcome.errors().lines().reduce((first, last) -> last).orElse("it said nothing"));
        if (DiskFull.isSaidBy(outcome.errors())) {
            return new Problem(
                    Problem.Kind.RESOURCE_EXHAUSTED,
                    "the disk of " + guest.name() + " is full; what " + next.guestPath() + " held is still there: "
                            + said,
                    "free some space in it, or create a VM with a larger --disk");
        }
        if (outcome.status() == 127 || outcome.errors().contains("git: not found")) {
            return new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    guest.name() + " lacks a program that preparing needs: " + said,
                    "install git and tar in it");
        }
        return new Problem(
                Problem.Kind.FAILED,
                "preparing " + next.guestPath() + " in " + guest.name() + " failed with status " + outcome.status()
                        + ": " + said);
    }
}
