package banger.daemon.build;

import banger.daemon.files.StoredVmFiles;
import banger.daemon.image.GuestProfile;
import banger.daemon.image.HistoryEntry;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.ImageStore;
import banger.daemon.image.InstalledPackages;
import banger.daemon.image.Layer;
import banger.daemon.image.Provenance;
import banger.daemon.image.StepCache;
import banger.daemon.image.WorkSeed;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.seed.WorkSeeds;
import banger.daemon.vm.Driver;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes an image of another by steps that run inside a VM of it; each step's changes become a layer.
 *
 * <p>Layers are kept under a digest of all that led to them, so that a build begins behind the last step that is known,
 * and starts no VM where all are. A build that fails, is cancelled or cut off leaves those layers and nothing else.
 */
public final class ImageBuild {
    /** What to build. @param recipe with an image to begin with @param fresh whether to run every step again */
    public record Request(String name, Recipe recipe, boolean fresh) {}

    /** Which machine steps run in, and for how long. */
    public record Limits(VmSpec spec, Duration stepBound) {
        public static Limits of(int vcpus, long memoryBytes, long diskBytes, Duration stepBound) {
            return new Limits(new VmSpec(vcpus, memoryBytes, diskBytes, NetworkMode.USER, List.of()), stepBound);
        }
    }

    /** The variables that guests get of the host; they are no part of an image. */
    public interface HostVariables extends Function<Vm, Map<String, String>> {}

    private final HostPaths paths;
    private final ImageStore images;
    private final ImageFiles files;
    private final WorkSeeds seeds;
    private final LayerShop shop;
    private final BuildRun.Machines machines;
    private final Limits limits;

    public ImageBuild(
            HostPaths paths,
            ImageStore images,
            ImageFiles files,
            StepCache cache,
            WorkSeeds seeds,
            StoredVmFiles vmFiles,
            Driver driver,
            GuestSetup setup,
            HostVariables variables,
            Limits limits) {
        this.paths = paths;
        this.images = images;
        this.files = files;
        this.seeds = seeds;
        this.limits = limits;
        shop = new LayerShop(paths, files, cache, seeds);
        machines = new BuildRun.Machines(paths, vmFiles, driver, setup, variables, limits.spec());
    }

    /** Ends what a crashed daemon left running; to be called before scratch folders are swept. */
    public void sweep() {
        BuildMachine.sweep(paths, machines.driver());
    }

    /** The image to begin with. @throws Problem where it cannot be built upon */
    public Image base(Request request) {
        String from = request.recipe().from();
        if (from == null) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "nothing says what image " + request.name() + " begins with",
                    "banger image build " + request.name() + " --from debian");
        }
        Image base = images.resolve(from);
        if (base.name().equals(request.name())) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "image " + base.name() + " cannot be built of itself",
                    "give the new image another name");
        }
        if (!base.isManaged()) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + base.name() + " stands on files of yours, which may change",
                    "banger image promote " + base.name());
        }
        files.verify(base).ifPresent(fault -> {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + base.name() + " cannot be used: " + fault,
                    "banger image show " + base.name());
        });
        return base;
    }

    /** Builds it and returns what is stored under the name. An older image of that name gives way. */
    public Image run(Request request, Progress progress) {
        Image base = seeds.current(base(request), progress);
        // Not while files are being made: the seed that another takes the place of goes.
        return seeds.ofRecorded(make(request, base, progress), progress);
    }

    private Image make(Request request, Image base, Progress progress) {
        try (var making = files.making();
                var log = new BuildLog(paths.buildLog(request.name()), progress)) {
            return run(request, base, log, progress);
        } catch (IOException e) {
            progress.checkCancelled();
            throw DiskFull.orFailed(e, "building the image " + request.name());
        }
    }

    private Image run(Request request, Image base, BuildLog log, Progress progress) throws IOException {
        progress.stage("plan", "looking for what earlier builds left");
        Recipe recipe = request.recipe();
        List<Step> steps = recipe.steps();
        Map<String, String> environment = new LinkedHashMap<>(base.profile().environment());
        environment.putAll(recipe.environment());
        Layer home = shop.home(base, progress);
        List<String> keys = StepKeys.of(base, home, environment, steps);
        List<Layer> made = new ArrayList<>();
        for (int i = 0; i < steps.size() && !request.fresh(); i++) {
            Optional<Layer> found = shop.find(keys.get(i));
            if (found.isEmpty()) {
                break;
            }
            made.add(found.get());
            log.heading(
                    "step " + (i + 1) + "/" + steps.size() + ": " + steps.get(i).what() + " (cached)");
        }
        if (made.size() < steps.size()) {
            Duration bound = recipe.stepBound() == null ? limits.stepBound() : recipe.stepBound();
            new BuildRun(request.name(), base, home, steps, keys, environment, bound, shop, log, progress)
                    .run(machines.onNetwork(), made);
        }
        return record(request, base, home, environment, made, progress);
    }

    private Image record(
            Request request,
            Image base,
            Layer home,
            Map<String, String> environment,
            List<Layer> made,
            Progress progress)
            throws IOException {
        List<Layer> layers = shop.fit(base.layers(), made, progress);
        GuestProfile profile = profile(base.profile(), request.recipe(), environment);
        Optional<Image> known = images.findByName(request.name());
        if (known.isPresent() && isSame(known.get(), base, layers, profile)) {
            progress.stage("record", "image " + request.name() + " is as it was");
            return known.get();
        }
        WorkSeed seed = shop.seed(base, home, made, progress);
        progress.checkCancelled();
        progress.stage("record", "recording the image");
        String line = "image " + base.name() + " and " + made.size() + " steps, by banger image build";
        List<HistoryEntry> history = new ArrayList<>(base.provenance().history());
        for (int i = 0; i < made.size(); i++) {
            String what = request.recipe().steps().get(i).what();
            history.add(new HistoryEntry(what, made.get(i).digest(), Instant.now()));
        }
        var packages = InstalledPackages.of(
                layers.stream().map(each -> paths.layer(each.digest())).toList());
        return images.put(Image.managed(
                request.name(), layers, base.kernel(), seed, profile, new Provenance(line, history, packages)));
    }

    private boolean isSame(Image known, Image base, List<Layer> layers, GuestProfile profile) {
        return known.layers().equals(layers)
                && known.kernel().equals(base.kernel())
                && known.profile().equals(profile)
                && files.verify(known).isEmpty();
    }

    private static GuestProfile profile(GuestProfile base, Recipe recipe, Map<String, String> environment) {
        Set<String> readiness = new LinkedHashSet<>(base.readiness());
        readiness.addAll(recipe.readiness());
        return new GuestProfile(
                List.copyOf(readiness),
                environment,
                recipe.user() == null ? base.user() : recipe.user(),
                base.folder(),
                base.entrypoint(),
                base.ports());
    }
}
