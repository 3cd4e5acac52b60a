package banger.daemon.image;

import banger.daemon.disk.VmDisks;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Scratch;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a bootstrap by hand, without a daemon: {@code BootstrapMain AGENT [CANCEL_AFTER_SECONDS]}; prints each stage with
 * its time.
 */
final class BootstrapMain {
    private BootstrapMain() {}

    public static void main(String[] arguments) throws IOException {
        HostPaths paths = HostPaths.ofThisProcess().prepare();
        Scratch.sweep(paths);
        KernelBundles kernels = new KernelBundles(paths, Path.of(arguments[0]));
        ImageFiles files = new ImageFiles(paths, kernels);
        Instant start = Instant.now();
        Progress printing = new Progress() {
            @Override
            public void stage(String name, String text) {
                IO.println(Duration.between(start, Instant.now()).toMillis() + " ms  " + name + ": " + text);
            }

            @Override
            public void progress(long done, @Nullable Long total, String unit) {}

            @Override
            public boolean cancelled() {
                return arguments.length > 1 && Instant.now().isAfter(start.plusSeconds(Long.parseLong(arguments[1])));
            }
        };
        try {
            Image image = new Bootstrap(paths, new OneImage(), kernels, files, (made, progress) -> made).run(printing);
            IO.println(Duration.between(start, Instant.now()).toMillis() + " ms  " + image);
            IO.println("fault: " + files.verifyContent(image));
            IO.println(kernels.load(image.kernel()));
            VmDisks disks = new VmDisks(paths);
            for (int i = 0; i < 4; i++) {
                Path folder = Files.createTempDirectory(paths.scratch(), "clone");
                long begin = System.nanoTime();
                disks.makeRoot(folder.resolve("root"), Bootstrap.SEED_BYTES);
                long middle = System.nanoTime();
                disks.makeWork(folder.resolve("work"), Bootstrap.SEED_BYTES, image.workSeed());
                IO.println("root disk " + (middle - begin) / 1000 + " us, work disk "
                        + (System.nanoTime() - middle) / 1000 + " us");
            }
            Scratch.sweep(paths);
        } catch (Problem e) {
            IO.println(e.kind() + ": " + e.getMessage() + "\nhint: " + e.hint());
        }
    }

    /** Forgets everything but the last. */
    static final class OneImage implements ImageStore {
        private Optional<Image> last = Optional.empty();

        @Override
        public Image put(Image image) {
            last = Optional.of(image);
            return image;
        }

        @Override
        public Image add(Image image) {
            return put(image);
        }

        @Override
        public Image update(UUID id, UnaryOperator<Image> change) {
            return put(change.apply(last.orElseThrow()));
        }

        @Override
        public void delete(UUID id) {
            last = Optional.empty();
        }

        @Override
        public Optional<Image> find(UUID id) {
            return last;
        }

        @Override
        public Optional<Image> findByName(String exactName) {
            return last;
        }

        @Override
        public Image resolve(String reference) {
            return last.orElseThrow();
        }

        @Override
        public java.util.List<Image> list() {
            return last.stream().toList();
        }
    }
}
