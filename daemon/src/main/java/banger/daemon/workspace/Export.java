package banger.daemon.workspace;

import banger.daemon.operation.Progress;
import banger.daemon.os.PipedProgram;
import banger.daemon.problem.Problem;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a guest's work into a repository in a scratch folder, where it is checked before anything of the host's sees it.
 *
 * <p>The guest is not trusted: git checks every object (no {@code ..}, no {@code .git}, no absolute names in trees), and
 * how much may come is bounded.
 */
final class Export {
    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");
    private static final Pattern REFUSED_TREE = Pattern.compile("object ([0-9a-f]{40,64}): ");
    private static final int NOT_THAT_WORKSPACE = 44;
    private static final int MAX_NAMED = 5;
    private static final long MAX_FILE_BYTES = 4L << 30;
    private static final long MAX_BYTES = 16L << 30;

    private final Guest guest;
    private final Workspace workspace;
    private final @Nullable Repository repository;
    private final Set<String> nested;
    private final Progress progress;

    /**
     * @param repository the host's, or null where it is gone
     * @param nested repositories inside it that came along when it was prepared
     */
    Export(Guest guest, Workspace workspace, @Nullable Repository repository, Set<String> nested, Progress progress) {
        this.guest = guest;
        this.workspace = workspace;
        this.repository = repository;
        this.nested = nested;
        this.progress = progress;
    }

    /**
     * Fetches it.
     *
     * @param changes whether what is not committed becomes a commit on top
     * @throws Problem where what comes is not sound; nothing of it is kept then
     */
    Quarantine fetch(Path scratch, boolean changes) {
        progress.stage("collect", "collecting the work in " + workspace.guestPath());
        List<String> collected = collect(changes);
        String exported = collected.getFirst();
        progress.stage("fetch", "fetching it from " + guest.name());
        Path folder = scratch.resolve("quarantine");
        receive(folder, exported.length() == 64 ? "sha256" : "sha1");
        var quarantine =
                new Quarantine(folder, guest.name(), workspace.commit(), collected.subList(1, collected.size()));
        if (!quarantine.git("rev-parse", "refs/banger/export").succeed().strip().equals(exported)) {
            throw new Problem(Problem.Kind.FAILED, guest.name() + " sent another commit than the one that it named");
        }
        return quarantine;
    }

    /** The commit to export, then what does not come with it. */
    private List<String> collect(boolean changes) {
        GuestRun.Outcome outcome = GuestRun.run(
                guest,
                Script.EXPORT,
                List.of(
                        workspace.guestPath(),
                        changes ? "changes" : "commits",
                        "Uncommitted changes in " + guest.name(),
                        workspace.generation()),
                GuestRun.NOTHING,
                progress);
        if (outcome.status() == NOT_THAT_WORKSPACE) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    workspace.guestPath() + " in " + guest.name() + " is not what was prepared there last",
                    "git fetch banger::VM brings its commits; banger vm workspace prepare begins anew");
        }
        if (outcome.status() != 0) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "collecting the work in " + workspace.guestPath() + " of " + guest.name() + " failed: "
                            + GuestWork.readable(outcome.errors()),
                    "banger vm exec in it, and look with git status");
        }
        List<String> fields = Snapshot.names(outcome.output());
        if (fields.isEmpty() || !OBJECT_ID.matcher(fields.getFirst()).matches()) {
            throw new Problem(Problem.Kind.FAILED, guest.name() + " does not name a commit to export");
        }
        return Stream.concat(
                        Stream.of(fields.getFirst()),
                        fields.stream()
                                .skip(1)
                                .filter(name -> !nested.contains(name))
                                .map(GuestWork::readable))
                .toList();
    }

    private void receive(Path folder, String format) {
        String objects = repository == null ? "" : repository.quotedObjects();
        String base = workspace.commit() == null ? "" : workspace.commit();
        var said = new StringBuffer();
        var received = new AtomicLong();
        List<String> argv = Script.HOST_RECEIVE.argv(
                List.of(folder.toString(), format, objects, base, Long.toString(MAX_FILE_BYTES)));
        try (PipedProgram host = PipedProgram.start(Path.of("/"), argv)) {
            Thread listener = HostStream.listen(host.stderr(), said);
            GuestRun.Outcome outcome = GuestRun.run(
                    guest,
                    Script.UPLOAD,
                    List.of(workspace.guestPath()),
                    out -> HostStream.pump(host.stdout(), out, count -> {}),
                    in -> {
                        try (OutputStream to = host.stdin()) {
                            HostStream.pump(in, to, count -> count(received.addAndGet(count)));
                        }
                    },
                    progress);
            int status = host.waitFor();
            listener.join();
            if (status != 0) {
                String why = said.toString().strip() + outcome.errors();
                throw new Problem(
                        Problem.Kind.FAILED,
                        "what " + guest.name() + " sent is refused: " + GuestWork.readable(why) + namesIn(why));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, "the export was interrupted");
        }
    }

    /** Git names the tree that it refuses, not always the entry: the guest, which has it, may say that. */
    private String namesIn(String refusal) {
        var tree = REFUSED_TREE.matcher(refusal);
        if (!tree.find()) {
            return "";
        }
        GuestRun.Outcome listed = GuestRun.run(
                guest, Script.TREE, List.of(workspace.guestPath(), tree.group(1)), GuestRun.NOTHING, progress);
        List<String> bad = Snapshot.names(listed.output()).stream()
                .filter(name ->
                        name.contains("/") || name.equals(".") || name.equals("..") || name.equalsIgnoreCase(".git"))
                .map(GuestWork::readable)
                .limit(MAX_NAMED)
                .toList();
        return bad.isEmpty() ? "" : "; entries: \"" + String.join("\", \"", bad) + "\"";
    }

    private void count(long bytes) {
        if (bytes > MAX_BYTES) {
            throw new Problem(
                    Problem.Kind.RESOURCE_EXHAUSTED, guest.name() + " sends more than " + MAX_BYTES + " bytes");
        }
        progress.progress(bytes, null, "bytes");
    }
}
