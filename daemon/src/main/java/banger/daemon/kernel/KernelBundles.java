package banger.daemon.kernel;

import banger.daemon.os.DiskFull;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.DurableFiles;
import banger.daemon.os.HostPaths;
import banger.daemon.os.KnownDigests;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The kernel bundles on this host: {@code kernels/ID/} with the files that a {@link KernelManifest} tells, and for each
 * agent that was used with it an initramfs. Safe for any number of threads.
 */
public final class KernelBundles {
    static final String VMLINUX = "vmlinux";
    static final String MODULES_CPIO = "modules.cpio";
    static final String MODULES_LAYER = "modules.ext4";
    /** A part of the initramfs that images may bring; few do. */
    static final String INITRD = "initrd";

    static final List<String> FILES = List.of(VMLINUX, MODULES_CPIO, MODULES_LAYER);

    private static final String INITRAMFS = "initramfs-";
    private static final String NEXT = "banger image bootstrap";
    /** The file, beside the bundles, that names the one for images that come without a kernel. */
    private static final String DEFAULT = "default";
    /** A file in a bundle that came with an image which is not recorded yet. */
    private static final String ADOPTED = "adopted";

    private final HostPaths paths;
    private final Path agent;
    private final KnownDigests digests = new KnownDigests();
    private final ReadWriteLock uses = new ReentrantReadWriteLock();

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

    /** The kernel that a person means: an id, or a prefix that fits only one. @throws Problem NOT_FOUND, AMBIGUOUS */
    public KernelEntry resolve(String reference) {
        List<KernelEntry> fitting = list().stream()
                .filter(entry -> !reference.isEmpty() && entry.id().startsWith(reference))
                .toList();
        List<KernelEntry> exact =
                fitting.stream().filter(entry -> entry.id().equals(reference)).toList();
        List<KernelEntry> meant = exact.isEmpty() ? fitting : exact;
        if (meant.size() > 1) {
            throw new Problem(
                    Problem.Kind.AMBIGUOUS,
                    "\"" + reference + "\" fits more than one kernel: "
                            + String.join(
                                    ", ", meant.stream().map(KernelEntry::id).toList()));
        }
        return meant.stream()
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Problem.Kind.NOT_FOUND, "there is no kernel \"" + reference + "\"", "banger kernel list"));
    }

    /**
     * The kernel, with an initramfs that holds the present agent.
     *
     * @throws Problem FAILED where there is none or it is damaged
     */
    public Kernel load(String id) {
        return switch (entry(id)) {
            case KernelEntry.Usable(Kernel kernel) -> current(kernel);
            case KernelEntry.Broken(String ignored, String reason) ->
                throw new Problem(Problem.Kind.FAILED, "the kernel " + id + " cannot be used: " + reason, NEXT);
        };
    }

    /** The same kernel, with an initramfs that holds the present agent; it is made where there is none yet. */
    public Kernel current(Kernel kernel) {
        Path folder = kernel.vmlinux().getParent();
        try {
            Path initramfs = folder.resolve(INITRAMFS + digests.of(agent));
            if (!Files.exists(initramfs)) {
                Path made = paths.scratch().resolve("initramfs-" + UUID.randomUUID());
                Files.createDirectories(made.getParent());
                try {
                    Initramfs.write(made, folder.resolve(INITRD), agent, folder.resolve(MODULES_CPIO));
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

    /** The usable bundle of this kernel from this version of its package, where there is one. */
    Optional<Kernel> findMadeFrom(String packageVersion, String kernelVersion) {
        return usable().filter(kernel -> kernel.version().equals(kernelVersion))
                .filter(kernel -> manifest(kernel).origin().version().equals(packageVersion))
                .findFirst();
    }

    /** The usable bundle made from the file of this SHA-256, where there is one. */
    Optional<Kernel> findDigest(String sha256) {
        return usable().filter(kernel -> manifest(kernel).origin().digest().equals(sha256))
                .findFirst();
    }

    /** Whether a bundle may not be called that, as something else lies in its place. */
    static boolean isReserved(String id) {
        return id.equals(DEFAULT);
    }

    /** A name for a new bundle that no folder has. */
    String freeId(String wanted) {
        String id = wanted;
        for (int number = 2; isReserved(id) || Files.exists(paths.kernels().resolve(id)); number++) {
            id = wanted + "." + number;
        }
        return id;
    }

    /**
     * The bundle for images that come without one: the user's choice, else the first that was put in place: a kernel
     * that was imported or pulled for one VM is not to become everybody's.
     *
     * @throws Problem NOT_FOUND where there is none
     */
    public String defaultId() {
        return anyDefault().orElseThrow(() -> new Problem(Problem.Kind.NOT_FOUND, "there is no kernel yet", NEXT));
    }

    private Optional<String> anyDefault() {
        return recordedDefault()
                .or(() -> usable().min(Comparator.comparing(
                                        (Kernel kernel) -> manifest(kernel).madeAt())
                                .thenComparing(Kernel::id))
                        .map(Kernel::id));
    }

    /** The one that was chosen or came first, where that is still there. */
    private Optional<String> recordedDefault() {
        try {
            return Optional.of(
                            Files.readString(paths.kernels().resolve(DEFAULT)).strip())
                    .filter(id -> entry(id) instanceof KernelEntry.Usable);
        } catch (IOException e) {
            // Nobody has chosen.
            return Optional.empty();
        }
    }

    /** Makes the bundle the default. @throws Problem as {@link #load} */
    public void chooseDefault(String id) {
        load(id);
        recordDefault(id);
    }

    private void recordDefault(String id) {
        Path made = paths.scratch().resolve("default-kernel-" + UUID.randomUUID());
        try {
            Files.createDirectories(made.getParent());
            Files.writeString(made, id + "\n");
            DurableFiles.publish(made, paths.kernels().resolve(DEFAULT));
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "choosing the kernel " + id);
        }
    }

    /** What is known of the bundle beside its files: its origin and when it was made. */
    public KernelOrigin origin(Kernel kernel) {
        KernelManifest manifest = manifest(kernel);
        return new KernelOrigin(
                manifest.origin().source(),
                manifest.origin().version(),
                manifest.origin().digest(),
                manifest.madeAt(),
                DiskUsage.of(kernel.vmlinux().getParent()));
    }

    /** Does what makes something name a kernel, from looking whether it is there on; none is deleted meanwhile. */
    public <T> T naming(Supplier<T> work) {
        uses.readLock().lock();
        try {
            return work.get();
        } finally {
            uses.readLock().unlock();
        }
    }

    /** As {@link #delete}, unless the check throws; nothing comes to name the kernel in between. */
    public void delete(String id, Runnable check) {
        uses.writeLock().lock();
        try {
            check.run();
            delete(id);
        } finally {
            uses.writeLock().unlock();
        }
    }

    /**
     * Removes the bundle, usable or not. The caller has made sure that nothing names it.
     *
     * @throws Problem NOT_FOUND where there is none
     */
    public void delete(String id) {
        Path folder = paths.kernels().resolve(id);
        if (!folder.normalize().getParent().equals(paths.kernels()) || !Files.isDirectory(folder)) {
            throw new Problem(Problem.Kind.NOT_FOUND, "there is no kernel \"" + id + "\"", "banger kernel list");
        }
        // Aside first: a crash in the middle must not leave half a bundle under its name.
        Path aside = paths.scratch().resolve("deleted-kernel-" + UUID.randomUUID());
        try {
            Files.createDirectories(aside.getParent());
            Files.move(folder, aside, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "deleting the kernel " + id);
        }
        DiskUsage.remove(aside);
    }

    /** The files that make the bundle what it is, for another host; what is made here for this one is not among them. */
    public List<Path> files(String id) {
        load(id);
        try (Stream<Path> files = Files.list(paths.kernels().resolve(id))) {
            return files.filter(file -> isBundleFile(file.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "reading the kernel " + id);
        }
    }

    /** Whether {@link #files} may have a file of that name. */
    public static boolean isBundleFile(String name) {
        return FILES.contains(name) || name.equals(INITRD) || name.equals(KernelManifest.FILE);
    }

    /** Whether the bundle is here with just these files. @param digests SHA-256 by name */
    public boolean isThere(String id, Map<String, String> digests) throws IOException {
        if (fault(id).isPresent()) {
            return false;
        }
        Map<String, String> found = new HashMap<>();
        for (Path file : files(id)) {
            found.put(file.getFileName().toString(), Sha256.of(file));
        }
        return found.equals(digests);
    }

    /**
     * Puts a folder with another host's files in place, for an image that is recorded next: until
     * {@link #keepAdopted} it is nobody's where no image names it.
     *
     * @param wanted its id, which becomes another where a different bundle has that
     * @throws Problem FAILED where it is not whole
     */
    public Kernel adopt(Path made, String wanted) throws IOException {
        KernelManifest.read(made).fault(made).ifPresent(fault -> {
            throw new Problem(Problem.Kind.FAILED, "the kernel " + wanted + " is not whole: " + fault);
        });
        Files.createFile(made.resolve(ADOPTED));
        return publish(made, freeId(wanted));
    }

    /** The bundle's image is recorded; from here on it is like those that were imported. */
    public void keepAdopted(String id) throws IOException {
        Files.deleteIfExists(paths.kernels().resolve(id).resolve(ADOPTED));
    }

    /** Whether the bundle stays only as long as an image names it. */
    public boolean goesWithImages(Kernel kernel) {
        return BootSets.isBootSet(origin(kernel))
                || Files.exists(paths.kernels().resolve(kernel.id()).resolve(ADOPTED));
    }

    private Stream<Kernel> usable() {
        return list().stream()
                .filter(KernelEntry.Usable.class::isInstance)
                .map(entry -> ((KernelEntry.Usable) entry).kernel());
    }

    private static KernelManifest manifest(Kernel kernel) {
        return KernelManifest.read(kernel.vmlinux().getParent());
    }

    /** Puts a finished folder in place. The default stays what it was, whenever the new one was made. */
    Kernel publish(Path made, String id) throws IOException {
        if (recordedDefault().isEmpty()) {
            anyDefault().ifPresent(this::recordDefault);
        }
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
