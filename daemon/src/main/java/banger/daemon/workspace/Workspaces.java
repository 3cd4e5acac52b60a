package banger.daemon.workspace;

import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Scratch;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The workspaces of all VMs. One piece of work at a time for each VM. */
public final class Workspaces {
    private static final String DEFAULT_GUEST_PATH = "/root/repo";

    /**
     * What a preparation is asked to do; null fields keep what the VM's workspace has, or take the default.
     *
     * @param branch a new branch to begin in the guest
     * @param from the host's commit to begin it at, without the work tree's changes
     * @param force whether work done in the guest may go
     */
    public record Request(
            @Nullable Path path,
            @Nullable String guestPath,
            @Nullable WorkspaceMode mode,
            @Nullable String branch,
            @Nullable String from,
            boolean force) {}

    private final VmStore store;
    private final HostPaths paths;
    private final Function<Vm, Guest> guests;
    private final Map<UUID, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** @param guests the guest of a running VM; fails for another with a {@link Problem} */
    public Workspaces(VmStore store, HostPaths paths, Function<Vm, Guest> guests) {
        this.store = store;
        this.paths = paths;
        this.guests = guests;
    }

    /** The VM's workspace, or null where none was prepared. */
    public static @Nullable Workspace of(Vm vm) {
        return WorkspaceJson.read(vm.workspace());
    }

    /** The same. @throws Problem WRONG_STATE where there is none */
    public static Workspace required(Vm vm) {
        Workspace workspace = of(vm);
        if (workspace == null) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "vm " + vm.name() + " has no workspace",
                    "banger vm workspace prepare " + vm.name());
        }
        return workspace;
    }

    /** Refuses what a preparation in a VM without a workspace would refuse, while there is no VM yet. */
    public void check(Request request) {
        Repository repository = Repository.at(Objects.requireNonNull(request.path()));
        Workspace next = next(repository, request, null);
        if (request.from() != null) {
            Snapshot.commit(repository, request.from());
        }
        if (next.mode() != WorkspaceMode.FULL_COPY && repository.hasSubmodules()) {
            throw submodules(repository, next.mode());
        }
    }

    /** Puts a host repository into the guest, or brings the one that is there up to date. */
    public Workspace prepare(Vm vm, Request request, Progress progress) {
        return alone(vm, () -> {
            Workspace last = of(store.find(vm.id()).orElse(vm));
            Repository repository = Repository.at(path(vm, request, last));
            Workspace next = next(repository, request, last);
            var previous = last == null ? null : new Preparation.Previous(last, kept(vm, last));
            try (Scratch scratch = Scratch.open(paths, "workspace");
                    EagerGuest guest = Preparation.begin(guests.apply(vm), next, previous)) {
                return prepare(vm, guest, repository, next, request, previous, scratch.folder(), progress);
            } catch (IOException e) {
                throw DiskFull.orFailed(e, "preparing " + repository.top());
            }
        });
    }

    private Workspace prepare(
            Vm vm,
            Guest guest,
            Repository repository,
            Workspace planned,
            Request request,
            Preparation.@Nullable Previous previous,
            Path scratch,
            Progress progress)
            throws IOException {
        progress.stage("snapshot", "looking at " + repository.top());
        Snapshot snapshot = request.from() == null
                ? Snapshot.take(repository, scratch)
                : Snapshot.ofCommit(repository, request.from(), scratch);
        Workspace next = at(planned, snapshot.commit());
        refuseSubmodules(snapshot, next.mode());
        var gitFolder = new GitFolder(snapshot, next.head(), next.generation());
        Source source = next.mode() == WorkspaceMode.FULL_COPY
                ? new FolderSource(snapshot, gitFolder)
                : new GitSource(snapshot, gitFolder, next.mode() == WorkspaceMode.SHALLOW);
        Preparation.Sent sent =
                new Preparation(guest, snapshot, source, next, previous, request.force(), progress).run();
        progress.stage("record", "recording it");
        Path kept = Files.createDirectories(kept(vm, next));
        source.keep(kept);
        store.setWorkspace(vm.id(), WorkspaceJson.write(next));
        KeptFolders.removeOthers(kept);
        progress.stage(
                "prepared",
                (sent.everything() ? "prepared " : "updated ") + next + ": " + sent.files() + " files, " + sent.bytes()
                        + " bytes");
        return next;
    }

    /** One line about a workspace. @param stale whether preparing it again would change that */
    public record Notice(String text, boolean stale) {}

    /** How the host's repository differs from the VM's workspace; null where it does not. */
    public @Nullable Notice notice(Vm vm) {
        Workspace workspace = of(vm);
        String said = workspace == null ? null : new Staleness(workspace, kept(vm, workspace)).notice();
        return said == null
                ? null
                : new Notice(
                        "workspace " + Objects.requireNonNull(workspace).guestPath() + ": " + said,
                        said.startsWith(Staleness.STALE));
    }

    /**
     * What an export brought home.
     *
     * @param commit the commit that it is
     * @param commits each its short id, a space, its subject; the latest first
     * @param files each a letter of git's {@code --name-status}, a tab, its path
     * @param squashed whether several commits became one
     * @param leftOut repositories inside the guest's that did not come along
     */
    public record Exported(
            String commit, List<String> commits, List<String> files, boolean squashed, List<String> leftOut) {}

    /**
     * Writes the guest's work, committed or not, into a new file that {@code git am} takes.
     *
     * @param keepLinks whether symbolic links that the guest made may lead out of the repository
     */
    public Exported exportPatch(Vm vm, Path file, boolean keepLinks, Progress progress) {
        if (!file.isAbsolute() || !Files.isDirectory(file.getParent())) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, "there is no folder for " + file, "--patch FILE");
        }
        if (Files.exists(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            throw Quarantine.exists(file);
        }
        Workspace workspace = required(vm);
        Repository repository = Files.isDirectory(workspace.hostPath()) ? Repository.at(workspace.hostPath()) : null;
        return export(vm, repository, true, keepLinks, progress, quarantine -> {
            progress.stage("write", "writing " + file);
            return quarantine.writePatch(file);
        });
    }

    /**
     * Makes the guest's commits a new branch of the host's repository.
     *
     * @param changes whether one for what is not committed comes on top
     * @param keepLinks as {@link #exportPatch} has it
     */
    public Exported exportBranch(Vm vm, String branch, boolean changes, boolean keepLinks, Progress progress) {
        Path hostPath = required(vm).hostPath();
        if (!Files.isDirectory(hostPath)) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "the workspace's host repository " + hostPath + " is gone, so no branch can be made in it",
                    "banger vm workspace export " + vm.name() + " --patch FILE");
        }
        Repository repository = Repository.at(hostPath);
        NewBranch.check(repository, branch);
        return export(vm, repository, changes, keepLinks, progress, quarantine -> {
            progress.stage("branch", "making the branch " + branch);
            quarantine.createBranch(repository, branch);
            return false;
        });
    }

    private Exported export(
            Vm vm,
            @Nullable Repository repository,
            boolean changes,
            boolean keepLinks,
            Progress progress,
            java.util.function.Predicate<Quarantine> keep) {
        return alone(vm, () -> {
            try (Scratch scratch = Scratch.open(paths, "export")) {
                Workspace workspace = required(vm);
                Set<String> nested = Snapshot.nestedIn(kept(vm, workspace));
                Quarantine quarantine = new Export(guests.apply(vm), workspace, repository, nested, progress)
                        .fetch(scratch.folder(), changes);
                String commit = quarantine.exported();
                if (commit.equals(quarantine.base())) {
                    throw new Problem(
                            Problem.Kind.WRONG_STATE,
                            "vm " + vm.name() + " has nothing to bring home: no commit"
                                    + (changes ? ", and nothing changed" : "") + leftOut(quarantine),
                            changes ? null : "with --commit-changes, what is not committed comes along");
                }
                if (!keepLinks) {
                    quarantine.links().refuseOutward();
                }
                List<String> commits = quarantine.commits();
                List<String> files = quarantine.files();
                return new Exported(commit, commits, files, keep.test(quarantine), quarantine.leftOut());
            } catch (IOException e) {
                throw DiskFull.orFailed(e, "exporting from vm " + vm.name());
            }
        });
    }

    private static String leftOut(Quarantine quarantine) {
        List<String> names = quarantine.leftOut();
        return names.isEmpty() ? "" : ", but for repositories of their own: " + String.join(", ", names);
    }

    private static Path path(Vm vm, Request request, @Nullable Workspace last) {
        if (request.path() != null) {
            return request.path();
        }
        return last == null ? required(vm).hostPath() : last.hostPath();
    }

    private Workspace next(Repository repository, Request request, @Nullable Workspace last) {
        boolean same = last != null && last.hostPath().equals(repository.top());
        WorkspaceMode mode = Objects.requireNonNullElse(
                request.mode(), same ? Objects.requireNonNull(last).mode() : WorkspaceMode.SHALLOW);
        if (repository.commit() == null && mode != WorkspaceMode.FULL_COPY) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    repository.top() + " has no commit yet, which mode " + mode.wireName() + " needs",
                    "git commit, or use --mode full_copy");
        }
        String guestPath = request.guestPath();
        if (guestPath == null) {
            guestPath = last == null ? DEFAULT_GUEST_PATH : last.guestPath();
        }
        String branch = request.branch();
        if (branch != null) {
            NewBranch.check(repository, branch, mode);
        } else if (same) {
            branch = Objects.requireNonNull(last).branch();
        }
        return new Workspace(
                GuestPath.checked(guestPath),
                repository.top(),
                repository.commit(),
                mode,
                Instant.now(),
                branch == null ? repository.branch() : branch,
                branch,
                request.from() != null,
                UUID.randomUUID().toString());
    }

    private static Workspace at(Workspace planned, @Nullable String commit) {
        return new Workspace(
                planned.guestPath(),
                planned.hostPath(),
                commit,
                planned.mode(),
                planned.preparedAt(),
                planned.head(),
                planned.branch(),
                planned.apart(),
                planned.generation());
    }

    private static void refuseSubmodules(Snapshot snapshot, WorkspaceMode mode) {
        if (mode != WorkspaceMode.FULL_COPY && snapshot.tree().hasSubmodules()) {
            throw submodules(snapshot.repository(), mode);
        }
    }

    private static Problem submodules(Repository repository, WorkspaceMode mode) {
        return new Problem(
                Problem.Kind.INVALID_ARGUMENT,
                repository.top() + " has submodules, which mode " + mode.wireName() + " does not take along",
                "use --mode full_copy");
    }

    private Path kept(Vm vm, Workspace workspace) {
        return paths.workspaces(vm.id().toString()).resolve(workspace.generation());
    }

    <T> T alone(Vm vm, java.util.function.Supplier<T> work) {
        ReentrantLock lock = locks.computeIfAbsent(vm.id(), id -> new ReentrantLock());
        if (!lock.tryLock()) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "other work on the workspace of vm " + vm.name() + " is under way",
                    "banger operation list");
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
