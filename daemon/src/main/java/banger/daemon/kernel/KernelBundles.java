package banger.daemon.kernel;

import banger.daemon.os.DiskFull;
import banger.daemon.os.DurableFiles;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The kernel bundles on this host: {@code kernels/ID/} with the files that a {@link KernelManifest} tells, and for each
 * agent that was used with it an initramfs. Safe for any number of threads.
 */
public final class KernelBundles {
    static final String VMLINUX = "vmlinux";
    static final String MODULES_CPIO = "modules.cpio";
    static final String MODULES_LAYER = "modules.ext4";

    private static final String INITRAMFS = "initramfs-";
    private static final String NEXT = "banger image bootstrap";

    private final HostPaths paths;
    private final Path agent;

    /** @param agent the guest agent's binary, which becomes the initramfs's {@code /init} */
    public KernelBundles(HostPaths paths, Path agent) {
        this.paths = paths;
        this.agent = agent;
    }

    /** All of them by id. A damaged one is listed with the reason. */
    public List<KernelEntry> list() {
        try (Stream<Path> folders = Files.list(paths.kernels())) {
            return folders.filter(Files::isDirectory)
                    .sorted()
                    .map(folder -> entry(folder.getFileName().toString()))
                    .toList();
        } catch (java.nio.file.NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "listing " + paths.kernels());
        }
    }

    /** Why the kernel cannot be used, or nothing. */
    public Optional<String> fault(String id) {
        return entry(id) instanceof KernelEntry.Broken(String ignored, String reason)
                ? Optional.of(reason)
                : Optional.empty();
    }

    /**
     * The kernel, with an initramfs that holds the present agent.
     *
     * @throws Problem FAILED where there is none or it is damaged
     */
    public Kernel load(String id) {
        return switch (entry(id)) {
            case KernelEntry.Usable(Kernel kernel) -> current(kernel);
            case KernelEntry.Broken(String ignored, String reason) -> throw new Problem(
                    Problem.Kind.FAILED, "the kernel " + id + " cannot be used: " + reason, NEXT);
        };
    }

    /** The same kernel, with an initramfs that holds the present agent; it is made where there is none yet. */
    public Kernel current(Kernel kernel) {
        Path folder = kernel.vmlinux().getParent();
        try {
            Path initramfs = folder.resolve(INITRAMFS + Sha256.of(agent));
            if (!Files.exists(initramfs)) {
                Path made = paths.scratch().resolve("initramfs-" + UUID.randomUUID());
                Files.createDirectories(made.getParent());
                try {
                    Initramfs.write(made, agent, folder.resolve(MODULES_CPIO));
                    DurableFiles.publish(made, initramfs);
                } finally {
                    Files.deleteIfExists(made);
                }
                removeOthers(folder, initramfs);
            }
            return new Kernel(kernel.id(), kernel.version(), kernel.vmlinux(), initramfs, kernel.modules());
        } catch (java.nio.file.NoSuchFileException e) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    "the guest agent is missing: no file " + e.getFile(),
                    "./dev build",
                    e);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making the initramfs of " + kernel.id());
        }
    }

    /** The usable bundle made from this version of the package, where there is one. */
    Optional<Kernel> findMadeFrom(String packageVersion) {
        return list().stream()
                .filter(KernelEntry.Usable.class::isInstance)
                .map(entry -> ((KernelEntry.Usable) entry).kernel())
                .filter(kernel -> KernelManifest.read(kernel.vmlinux().getParent())
                        .packageVersion()
                        .equals(packageVersion))
                .findFirst();
    }

    /** A name for a new bundle that is neither taken by a usable one nor a folder's that is in the way. */
    String freeId(String version) {
        String id = "debian-" + version;
        for (int number = 2; Files.exists(paths.kernels().resolve(id)); number++) {
            id = "debian-" + version + "." + number;
        }
        return id;
    }

    /** Puts a finished folder in place. */
    Kernel publish(Path made, String id) throws IOException {
        DurableFiles.publish(made, paths.kernels().resolve(id));
        return load(id);
    }

    private KernelEntry entry(String id) {
        Path folder = paths.kernels().resolve(id);
        if (!folder.normalize().startsWith(paths.kernels()) || !Files.isDirectory(folder)) {
            return new KernelEntry.Broken(id, "there is no folder " + folder);
        }
        try {
            KernelManifest manifest = KernelManifest.read(folder);
            Optional<String> fault = manifest.fault(folder);
            if (fault.isPresent()) {
                return new KernelEntry.Broken(id, fault.get());
            }
            Path initramfs = folder.resolve(INITRAMFS + "none");
            return new KernelEntry.Usable(new Kernel(
                    id, manifest.version(), folder.resolve(VMLINUX), initramfs, folder.resolve(MODULES_LAYER)));
        } catch (Problem e) {
            return new KernelEntry.Broken(id, e.getMessage());
        }
    }

    private static void removeOthers(Path folder, Path kept) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith(INITRAMFS) && !file.equals(kept)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
