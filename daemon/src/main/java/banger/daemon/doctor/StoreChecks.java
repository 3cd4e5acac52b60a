package banger.daemon.doctor;

import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.kernel.KernelEntry;
import banger.daemon.os.DaemonLock;
import banger.daemon.os.HostPaths;
import banger.daemon.rpc.DaemonProbe;
import banger.daemon.rpc.DaemonProbe.Answer;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteVmStore;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import banger.wire.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Checks of what banger keeps: the database, images and kernels, the daemon, and what nobody accounts for. */
final class StoreChecks {
    static final Duration ANSWER_BOUND = Duration.ofSeconds(5);
    private static final Duration START_BOUND = Duration.ofSeconds(3);
    private static final Duration RETRY = Duration.ofMillis(100);
    private static final Duration GUESTS_BOUND = Duration.ofSeconds(20);
    private static final int MAX_LISTED = 5;

    private final HostPaths paths;
    private final KernelBundles kernels;

    private StoreChecks(Surroundings here) {
        paths = here.paths();
        kernels = new KernelBundles(here.paths(), here.agent());
    }

    static List<Check> of(Surroundings here) {
        StoreChecks checks = new StoreChecks(here);
        return List.of(
                new Check("daemon", checks::daemon),
                new Check("database", checks::database),
                new Check("vms", checks::vms),
                new Check("guests", checks::guests),
                new Check("images", checks::images),
                new Check("kernels", checks::kernels),
                new Check("leftovers", checks::leftovers));
    }

    private Finding daemon() {
        return switch (DaemonProbe.ask(paths.socket(), ANSWER_BOUND)) {
            case Answer.Absent ignored -> absent();
            case Answer.Deserted ignored ->
                Finding.warning("not running, though its socket is there: it was killed", "banger daemon start");
            case Answer.Unintelligible(String reason) ->
                Finding.failure(
                        "at " + paths.socket() + " something answers badly: " + reason, "banger daemon restart");
            case Answer.Running(String build, long pid, int operations) -> running(build, pid, operations);
        };
    }

    /** Another one may have the store, and its socket elsewhere; one that is just starting is waited for. */
    private Finding absent() {
        long end = System.nanoTime() + START_BOUND.toNanos();
        while (DaemonLock.holder(paths.daemonLock()).isPresent() && System.nanoTime() < end) {
            if (DaemonProbe.ask(paths.socket(), ANSWER_BOUND) instanceof Answer.Running(var build, var pid, var work)) {
                return running(build, pid, work);
            }
            pause();
        }
        return DaemonLock.holder(paths.daemonLock())
                .map(pid -> Finding.failure(
                        "process " + pid + " has this store and does not answer at " + paths.socket()
                                + "; its XDG_RUNTIME_DIR may be another",
                        "tr '\\0' '\\n' </proc/" + pid + "/environ | grep XDG_RUNTIME_DIR; or: kill " + pid))
                .orElse(Finding.ok("not running; the next command starts it"));
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Finding running(String build, long pid, int operations) {
        String found =
                "running as pid " + pid + ", build " + build + ", " + counted(operations, "operation") + " under way";
        return build.equals(Build.current().id())
                ? Finding.ok(found)
                : Finding.warning(found + "; this is build " + Build.current().id(), "banger daemon restart");
    }

    private Finding database() {
        if (!Files.exists(paths.database())) {
            return Finding.ok("none yet at " + paths.database());
        }
        try (Database database = Database.openReadOnly(paths.database())) {
            int found = database.schemaVersion();
            int known = Database.programSchemaVersion();
            String schema = paths.database() + ", schema " + found;
            return Finding.ok(found == known ? schema : schema + "; the daemon will bring it to " + known);
        }
    }

    /** What the daemon alone can know, as it holds the streams to the guests. */
    private Finding guests() {
        if (!(DaemonProbe.ask(paths.socket(), ANSWER_BOUND) instanceof Answer.Running)) {
            return Finding.ok("not asked, as no daemon runs");
        }
        try {
            DaemonProbe.Guests found = DaemonProbe.guests(paths.socket(), GUESTS_BOUND);
            if (found.silent().isEmpty()) {
                return Finding.ok(counted(found.running(), "running VM") + ", and each answers");
            }
            String first = found.silent().getFirst();
            return Finding.warning(
                    "running, and their guests do not answer: " + String.join(", ", found.silent()),
                    "banger vm logs " + first + ", then banger vm restart " + first);
        } catch (IOException e) {
            return Finding.warning("the daemon did not tell: " + e.getMessage(), "banger daemon restart");
        }
    }

    private Finding vms() {
        List<Vm> vms = read(database -> new SqliteVmStore(database).list());
        List<String> broken = vms.stream()
                .filter(vm -> vm.state() == VmState.BROKEN)
                .map(vm -> vm.name() + " (" + vm.broken() + ")")
                .toList();
        return verdict(counted(vms.size(), "vm"), broken, "banger vm list");
    }

    private Finding images() {
        List<Image> images = read(database -> new SqliteImageStore(database).list());
        if (images.isEmpty()) {
            return Finding.warning("no image yet", "banger image bootstrap");
        }
        ImageFiles files = new ImageFiles(paths, kernels);
        List<String> broken = images.stream()
                .flatMap(image -> files.verify(image).map(fault -> image.name() + " (" + fault + ")").stream())
                .toList();
        return verdict(counted(images.size(), "image"), broken, "banger image bootstrap");
    }

    private Finding kernels() {
        List<KernelEntry> entries = kernels.list();
        List<String> broken = entries.stream()
                .flatMap(entry -> entry instanceof KernelEntry.Broken(String id, String reason)
                        ? Stream.of(id + " (" + reason + ")")
                        : Stream.empty())
                .toList();
        return verdict(counted(entries.size(), "kernel"), broken, "banger image bootstrap");
    }

    private Finding leftovers() {
        List<Leftover> found = Leftovers.of(paths).find();
        return verdict(
                found.isEmpty() ? "none" : counted(found.size(), "thing"),
                found.stream().map(Leftover::toString).toList(),
                "banger daemon restart; bangerd verify tells what stays");
    }

    private static Finding verdict(String all, List<String> faults, String fix) {
        if (faults.isEmpty()) {
            return Finding.ok(all);
        }
        String listed = String.join(", ", faults.subList(0, Math.min(MAX_LISTED, faults.size())));
        String more = faults.size() > MAX_LISTED ? ", …" : "";
        return Finding.warning(all + ", to look at: " + listed + more, fix);
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private <T> List<T> read(Function<Database, List<T>> reader) {
        if (!Files.exists(paths.database())) {
            return List.of();
        }
        try (Database database = Database.openReadOnly(paths.database())) {
            return reader.apply(database);
        }
    }
}
