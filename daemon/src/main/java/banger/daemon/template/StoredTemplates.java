package banger.daemon.template;

import banger.daemon.image.Image;
import banger.daemon.kernel.Kernel;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.DurableFiles;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Driver;
import banger.daemon.vm.FrozenVm;
import banger.daemon.vm.Templates;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    /** Folders whose memory has been checked since the daemon started. */
    private final Set<Path> checked = ConcurrentHashMap.newKeySet();

    /** @param certificates what guests are made to trust, which a template holds already */
    public StoredTemplates(HostPaths paths, KernelBundles kernels, Driver driver, @Nullable Path certificates) {
        this.paths = paths;
        this.kernels = kernels;
        this.driver = driver;
        this.certificates = certificates;
    }

    /** See {@link Templates#find}. */
    Optional<FrozenVm> find(Vm vm, Image image) {
        try {
            Path folder = paths.template(key(image, vm.spec()).digest());
            if (!Files.isDirectory(folder)) {
                return Optional.empty();
            }
            Optional<Template> whole = whole(folder);
            if (whole.isEmpty()) {
                return Optional.empty();
            }
            Template template = whole.get();
            // A smaller disk than the template's would cut off what lies on it.
            return vm.spec().diskBytes() < template.diskBytes() ? Optional.empty() : Optional.of(template.frozen());
        } catch (IOException | Problem e) {
            LOG.log(System.Logger.Level.WARNING, "no template for vm {0}: {1}", vm.name(), e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The template in that folder; a damaged one is removed, so that it is made anew. Its memory is read and checked
     * once after each start of the host, as the host may have gone down with it half on the disk.
     */
    private Optional<Template> whole(Path folder) {
        try {
            Template template = TemplateManifest.read(folder);
            boolean known = template.hostBoot().equals(HostProcess.bootId()) || checked.contains(folder);
            if (!known && !template.isIntact()) {
                throw new IOException("its memory is not what was written");
            }
            checked.add(folder);
            return Optional.of(template);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "template {0} is removed: {1}", folder, e.getMessage());
            remove(folder);
            return Optional.empty();
        }
    }

    /** See {@link Templates#distrust}. */
    void distrust(FrozenVm template, String reason) {
        Path folder = template.machine().memory().getParent();
        LOG.log(System.Logger.Level.WARNING, "template {0} is removed: {1}", folder.getFileName(), reason);
        remove(folder);
    }

    /** Whether there is one for such VMs. */
    boolean has(Image image, VmSpec spec) throws IOException {
        return Files.isDirectory(paths.template(key(image, spec).digest()));
    }

    /** All whole templates, oldest first; a damaged one is removed, as nothing can be made of it. */
    public List<Template> list() {
        var templates = new ArrayList<Template>();
        try (Stream<Path> folders = Files.list(paths.templates())) {
            for (Path folder : folders.toList()) {
                try {
                    templates.add(TemplateManifest.read(folder));
                } catch (IOException e) {
                    LOG.log(System.Logger.Level.WARNING, "template {0} is removed: {1}", folder, e.getMessage());
                    remove(folder);
                }
            }
        } catch (NoSuchFileException e) {
            // None was ever made.
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot list " + paths.templates() + ": " + e.getMessage(), null, e);
        }
        templates.sort(java.util.Comparator.comparing(Template::createdAt));
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
        Kernel kernel = kernels.current(kernels.load(image.kernel()));
        String trust = certificates == null ? "" : Sha256.of(certificates);
        return TemplateKey.of(image, kernel, spec, List.of(driver.choose(spec).fingerprint(), trust));
    }

    private static VmSpec spec(Template template) {
        var network = banger.daemon.vm.NetworkMode.valueOf(template.network());
        return new VmSpec(template.vcpus(), template.memoryBytes(), template.diskBytes(), network, List.of());
    }

    /** Out of sight first: a half-removed template must not be found. */
    private void remove(Path folder) {
        checked.remove(folder);
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
