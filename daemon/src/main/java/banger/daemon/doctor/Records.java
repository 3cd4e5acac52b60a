package banger.daemon.doctor;

import banger.daemon.image.CachedStep;
import banger.daemon.image.Image;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.rpc.DaemonProbe;
import banger.daemon.rpc.DaemonProbe.Answer;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteNetworkStore;
import banger.daemon.state.SqliteStepCache;
import banger.daemon.state.SqliteVmStore;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.Vm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What accounts for processes and files: the rows of the database, and the work that the daemon has under way.
 *
 * @param imagesTellAll false where an image is broken, so that its files cannot be told from nobody's
 * @param working whether the daemon has operations under way, whose files have no rows yet
 * @param deserted whether the daemon's socket is there without a daemon
 */
record Records(
        Map<String, Vm> vms,
        Set<Path> imageFiles,
        boolean imagesTellAll,
        boolean working,
        boolean deserted,
        NetworkLeftovers.Known network) {

    static Records read(HostPaths paths) {
        Answer daemon = DaemonProbe.ask(paths.socket(), StoreChecks.ANSWER_BOUND);
        boolean working = daemon instanceof Answer.Running(var build, var pid, int operations) && operations > 0;
        boolean deserted = daemon instanceof Answer.Deserted;
        if (!Files.exists(paths.database())) {
            return new Records(Map.of(), Set.of(), true, working, deserted, NetworkLeftovers.Known.NOTHING);
        }
        try (Database database = Database.openReadOnly(paths.database())) {
            List<Image> images = new SqliteImageStore(database).list();
            List<CachedStep> steps = new SqliteStepCache(database).list();
            return new Records(
                    allOf(new SqliteVmStore(database))
                            .collect(Collectors.toMap(vm -> vm.id().toString(), Function.identity())),
                    files(images, steps, paths),
                    images.stream().allMatch(image -> image.broken() == null),
                    working,
                    deserted,
                    NetworkLeftovers.Known.read(new SqliteNetworkStore(database)));
        }
    }

    /** The pooled are nobody's, and yet accounted for. */
    private static Stream<Vm> allOf(SqliteVmStore store) {
        return Stream.concat(store.list().stream(), store.pooled().stream());
    }

    boolean knows(String vm) {
        return vms.containsKey(vm);
    }

    boolean mayRun(String vm) {
        Vm row = vms.get(vm);
        return row != null && row.state().mayRun();
    }

    /** Whether it may run, or may be the machine of a template or a build, which is no VM. */
    boolean mayHaveAMachine(String vm) {
        return mayRun(vm) || working && !knows(vm);
    }

    /** The same for what such a machine keeps while it does not run. */
    boolean mayBe(String vm) {
        return knows(vm) || working;
    }

    /** Whether this is the VM's process, or may be one whose number is not recorded yet. */
    boolean accountFor(String vm, HostProcess process) {
        if (!mayRun(vm)) {
            return mayHaveAMachine(vm);
        }
        Runtime runtime = vms.get(vm).runtime();
        return runtime == null || new HostProcess(runtime.pid(), runtime.startTicks()).equals(process);
    }

    private static Set<Path> files(List<Image> images, List<CachedStep> steps, HostPaths paths) {
        Set<Path> files = new HashSet<>();
        for (Image image : images) {
            image.layers().forEach(layer -> files.add(paths.layer(layer.digest())));
            files.add(paths.workSeed(image.workSeed()));
        }
        steps.forEach(step -> files.add(paths.layer(step.layer().digest())));
        return files;
    }
}
