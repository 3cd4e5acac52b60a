package banger.daemon.template;

import banger.daemon.image.Image;
import banger.daemon.kernel.Kernel;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.DurableFiles;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.os.KnownDigests;
import banger.daemon.problem.Problem;
import banger.daemon.vm.ByteSize;
import banger.daemon.vm.Driver;
import banger.daemon.vm.FrozenVm;
import banger.daemon.vm.Templates;
import banger.daemon.vm.VmSpec;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Templates in folders named by their keys; a folder is put in place whole, and never changed. */
public final class StoredTemplates {
    private static final System.Logger LOG = System.getLogger(StoredTemplates.class.getName());

    private final HostPaths paths;
    private final KernelBundles kernels;
    private final Driver driver;
    private final @Nullable Path certificates;
    private final TemplateCheck check = new TemplateCheck();
    private final KnownDigests digests = new KnownDigests();
    /** Why a template that was in such a folder is not there any more. */
    private final Map<Path, String> givenUp = new ConcurrentHashMap<>();

    /** @param certificates what guests are made to trust, which a template holds already */
    public StoredTemplates(HostPaths paths, KernelBundles kernels, Driver driver, @Nullable Path certificates) {
        this.paths = paths;
        this.kernels = kernels;
        this.driver = driver;
        this.certificates = certificates;
    }

    /** See {@link Templates#find}. */
    Templates.Offer find(VmSpec spec, Image image) {
        try {
            TemplateKey key = key(image, spec);
            Path folder = paths.template(key.digest());
            return Files.isDirectory(folder) ? offer(folder, spec) : absent(key, image, spec);
        } catch (IOException | Problem e) {
            LOG.log(System.Logger.Level.WARNING, "no template of image {0}: {1}", image.name(), e.getMessage());
            return Templates.Offer.none("templates could not be looked at: " + e.getMessage());
        }
    }

    private Templates.Offer offer(Path folder, VmSpec spec) throws IOException {
        Template template;
        try {
            template = TemplateManifest.read(folder);
            check.run(template);
        } catch (ClosedByInterruptException e) {
            // Whoever wanted it has given up; that is no damage.
            return Templates.Offer.none(null);
        } catch (IOException e) {
            return Templates.Offer.none(giveUp(folder, "the template was damaged and is removed: " + e.getMessage()));
        }
        // A smaller disk than the template's would cut off what lies on it.
        return spec.diskBytes() < template.diskBytes()
                ? Templates.Offer.none("the template's disks have " + ByteSize.format(template.diskBytes()))
                : Templates.Offer.of(template.frozen());
    }

    /** Why there is none, although there was one or is one that was made of something else. */
    private Templates.Offer absent(TemplateKey key, Image image, VmSpec spec) {
        String lost = givenUp.get(paths.template(key.digest()));
        if (lost != null) {
            return Templates.Offer.none(lost);
        }
        return Templates.Offer.none(list().reversed().stream()
                .filter(each -> each.isMeantFor(image, spec))
                .findFirst()
                .map(stale -> "the template is stale, as changed since: " + String.join(", ", key.unlike(stale.key())))
                .orElse(null));
    }

    /** Looks at all of them, so that no creation has to wait for it; what is damaged is removed. */
    void checkAll() {
        for (Template template : list()) {
            try {
                check.run(template);
            } catch (ClosedByInterruptException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException e) {
                giveUp(template.folder(), "the template was damaged and is removed: " + e.getMessage());
            }
        }
    }

    /** See {@link Templates#distrust}. */
    void distrust(FrozenVm template, String reason) {
        Path folder = template.machine().memory().getParent();
        giveUp(folder, "the template could not be restored and is removed: " + reason);
    }

    /** Whether such VMs are restored from one. */
    boolean has(Image image, VmSpec spec) {
        return find(spec, image).template().isPresent();
    }

    /** Returns why it is gone: whoever looks while another removes it sees it without its files. */
    private synchronized @Nullable String giveUp(Path folder, String reason) {
        if (Files.isDirectory(folder)) {
            LOG.log(System.Logger.Level.WARNING, "template {0}: {1}", folder.getFileName(), reason);
            remove(folder);
            givenUp.put(folder, reason);
        }
        return givenUp.get(folder);
    }

    /**
     * Puts a frozen machine and its disks in place, of which nothing may change any more, instead of what was there.
     *
     * @param made a folder with nothing else
     */
    Template put(Path made, TemplateKey key, Image image, VmSpec spec) throws IOException {
        var files = new HashMap<String, TemplateFile>();
        try (Stream<Path> parts = Files.list(made)) {
            for (Path part : parts.toList()) {
                files.put(part.getFileName().toString(), TemplateFile.of(part));
            }
        }
        Path place = paths.template(key.digest());
        var template = new Template(
                place,
                key,
                image.name(),
                spec.vcpus(),
                spec.memoryBytes(),
                spec.network().name(),
                spec.diskBytes(),
                files,
                HostProcess.bootId(),
                Instant.now());
        TemplateManifest.write(template, made);
        try (Stream<Path> parts = Files.list(made)) {
            parts.forEach(part -> part.toFile().setReadOnly());
        }
        remove(place);
        DurableFiles.publish(made, place);
        return template;
    }

    /** All whole templates, oldest first; a damaged one is removed, as nothing can be made of it. */
    public List<Template> list() {
        var templates = new ArrayList<Template>();
        try (Stream<Path> folders = Files.list(paths.templates())) {
            for (Path folder : folders.toList()) {
                try {
                    templates.add(TemplateManifest.read(folder));
                } catch (ClosedByInterruptException e) {
                    Thread.currentThread().interrupt();
                    return List.of();
                } catch (IOException e) {
                    giveUp(folder, "the template was damaged and is removed: " + e.getMessage());
                }
            }
        } catch (NoSuchFileException e) {
            // None was ever made.
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot list " + paths.templates() + ": " + e.getMessage(), null, e);
        }
        templates.sort(Comparator.comparing(Template::createdAt));
        return templates;
    }

    /** The template that a person means by its digest's beginning. */
    public Template resolve(String reference) {
        List<Template> fitting = list().stream()
                .filter(each -> each.digest().startsWith(reference))
                .toList();
        if (fitting.size() != 1 || reference.isEmpty()) {
            throw new Problem(
                    fitting.isEmpty() ? Problem.Kind.NOT_FOUND : Problem.Kind.AMBIGUOUS,
                    fitting.size() + " templates begin with \"" + reference + "\"",
                    "banger template list");
        }
        return fitting.getFirst();
    }

    /** VMs that were restored from it go on: they have mapped what they need, and their disks are their own. */
    public void delete(Template template) {
        remove(template.folder());
    }

    /** Whether a new VM of the image in the template's shape would be restored from it. */
    public boolean isCurrent(Template template, Optional<Image> image) {
        if (image.isEmpty()) {
            return false;
        }
        try {
            return key(image.get(), spec(template)).digest().equals(template.digest());
        } catch (IOException | Problem e) {
            return false;
        }
    }

    public long diskBytes(Template template) {
        return DiskUsage.of(template.folder());
    }

    TemplateKey key(Image image, VmSpec spec) throws IOException {
        Kernel kernel = kernels.load(image.kernel());
        String trust = certificates == null ? "" : digests.of(certificates);
        return TemplateKey.of(image, kernel, spec, driver.choose(spec).fingerprint(), trust);
    }

    private static VmSpec spec(Template template) {
        var network = banger.daemon.vm.NetworkMode.valueOf(template.network());
        return new VmSpec(template.vcpus(), template.memoryBytes(), template.diskBytes(), network, List.of());
    }

    /** Out of sight first: a half-removed template must not be found. */
    private void remove(Path folder) {
        check.forget(folder);
        givenUp.remove(folder);
        try {
            Path aside = paths.scratch().resolve("removed-" + java.util.UUID.randomUUID());
            Files.createDirectories(paths.scratch());
            Files.move(folder, aside);
            DurableFiles.sync(paths.templates());
            DiskUsage.remove(aside);
        } catch (NoSuchFileException e) {
            // Somebody else was faster.
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot remove " + folder + ": " + e.getMessage(), null, e);
        }
    }
}
