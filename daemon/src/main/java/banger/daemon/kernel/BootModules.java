package banger.daemon.kernel;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules that a guest needs before it can see its disks, in the order in which the agent loads them. */
final class BootModules {
    /** What the boot needs and a kernel may have as modules; what a kernel has built in is left out. */
    private static final List<String> WANTED = List.of(
            "ext4",
            "virtio_mmio",
            "virtio_pci",
            "virtio_blk",
            "virtio_console",
            "overlay",
            "virtio_net",
            "vmw_vsock_virtio_transport");

    /** What ext4 asks for by its algorithm's name only; newer kernels have it in ext4's own dependencies. */
    private static final List<String> WHERE_PRESENT = List.of("crc32c_generic", "crc32c_cryptoapi", "crc32c");

    private BootModules() {}

    /**
     * Their files below the folder, such as {@code kernel/fs/overlayfs/overlay.ko}, each after what it depends on.
     *
     * @param folder {@code lib/modules/VERSION}, after depmod
     */
    static List<String> inLoadOrder(Path folder) throws IOException {
        Map<String, List<String>> dependencies = dependencies(Files.readAllLines(folder.resolve("modules.dep")));
        Set<String> builtIn = new LinkedHashSet<>();
        for (String file : Files.readAllLines(folder.resolve("modules.builtin"))) {
            builtIn.add(moduleName(file));
        }
        Set<String> order = new LinkedHashSet<>();
        for (String wanted : WHERE_PRESENT) {
            dependencies.keySet().stream()
                    .filter(each -> moduleName(each).equals(wanted) && !builtIn.contains("ext4"))
                    .findFirst()
                    .ifPresent(file -> visit(file, dependencies, order, 0));
        }
        for (String wanted : WANTED) {
            if (!builtIn.contains(wanted)) {
                String file = dependencies.keySet().stream()
                        .filter(each -> moduleName(each).equals(wanted))
                        .findFirst()
                        .orElseThrow(() -> new Problem(
                                Problem.Kind.FAILED,
                                "the kernel " + folder.getFileName() + " lacks the module " + wanted
                                        + ", which guests need to start"));
                visit(file, dependencies, order, 0);
            }
        }
        return new ArrayList<>(order);
    }

    /** The name that a module goes by in the kernel. */
    static String moduleName(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        int end = name.indexOf(".ko");
        return (end < 0 ? name : name.substring(0, end)).replace('-', '_');
    }

    private static void visit(String file, Map<String, List<String>> dependencies, Set<String> order, int depth) {
        if (order.contains(file)) {
            return;
        }
        if (depth > dependencies.size()) {
            throw new Problem(Problem.Kind.FAILED, "the kernel's modules depend on each other in a circle: " + file);
        }
        for (String each : dependencies.getOrDefault(file, List.of())) {
            visit(each, dependencies, order, depth + 1);
        }
        order.add(file);
    }

    private static Map<String, List<String>> dependencies(List<String> lines) {
        Map<String, List<String>> dependencies = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.split(":", 2);
            if (parts.length == 2) {
                String needs = parts[1].strip();
                dependencies.put(parts[0], needs.isEmpty() ? List.of() : List.of(needs.split("\\s+")));
            }
        }
        return dependencies;
    }
}
