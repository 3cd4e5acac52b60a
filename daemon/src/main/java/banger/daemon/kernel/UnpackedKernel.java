package banger.daemon.kernel;

import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What packages hold of a kernel, in a folder: its boot images in {@code boot/}, its modules in
 * {@code tree/lib/modules/VERSION/}. All else that packages hold is left in them.
 */
final class UnpackedKernel {
    private static final Pattern IMAGE =
            Pattern.compile("(usr/)?(boot|lib/modules/[^/]+)/vmlinu[xz](-(?<version>[^/]+))?");
    private static final Pattern MODULES = Pattern.compile("(usr/)?lib/modules/(?<rest>[^/]+/.*)");
    /** More than any kernel package holds: a bound on what is unpacked. */
    private static final long MAX_UNPACKED_BYTES = 4L << 30;

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path folder;
    private final Progress progress;
    private long unpacked;

    /** @param folder empty, of the caller's */
    UnpackedKernel(Path folder, Progress progress) throws IOException {
        this.folder = folder;
        this.progress = progress;
        Files.createDirectories(folder.resolve("boot"));
        Files.createDirectories(modules());
    }

    /** What depmod takes for the root. */
    Path tree() {
        return folder.resolve("tree");
    }

    Path modules() {
        return tree().resolve("lib/modules");
    }

    /** Whether it is a file that {@link #take} would keep. */
    static boolean wants(String name) {
        return IMAGE.matcher(name).matches() || MODULES.matcher(name).matches();
    }

    /** Keeps the file where it belongs to a kernel. */
    void take(String name, InputStream content) throws IOException {
        progress.checkCancelled();
        Matcher image = IMAGE.matcher(name);
        Matcher module = MODULES.matcher(name);
        if (image.matches()) {
            // Debian names the version in the file's name, others in that of the modules' folder.
            String version = image.group("version") == null
                    ? name.split("/")[name.startsWith("usr/") ? 3 : 2]
                    : image.group("version");
            copy(content, folder.resolve("boot").resolve(version), name);
        } else if (module.matches()) {
            Path file = modules().resolve(module.group("rest"));
            Files.createDirectories(file.getParent());
            copy(content, file, name);
        }
    }

    /** The versions that it has an image of. */
    Set<String> images() throws IOException {
        return names(folder.resolve("boot"));
    }

    /** The versions that it has modules of. */
    Set<String> moduleVersions() throws IOException {
        return names(modules());
    }

    /** Whether it has a kernel and its modules. */
    boolean isWhole() throws IOException {
        Set<String> both = images();
        both.retainAll(moduleVersions());
        return !both.isEmpty();
    }

    /** The one version that it has whole. @throws Problem that says what it has instead */
    String version(String origin) throws IOException {
        Set<String> both = images();
        both.retainAll(moduleVersions());
        if (both.size() != 1) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    origin + " holds " + (both.isEmpty() ? "no kernel with its modules" : "more than one kernel")
                            + ": found the kernels " + images() + " and the modules of " + moduleVersions());
        }
        return List.copyOf(both).getFirst();
    }

    Path image(String version) {
        return folder.resolve("boot").resolve(version);
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .collect(java.util.stream.Collectors.toCollection(HashSet::new));
        }
    }

    private void copy(InputStream content, Path to, String name) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream out = Files.newOutputStream(to)) {
            int read;
            while ((read = content.read(buffer)) > 0) {
                unpacked += read;
                if (unpacked > MAX_UNPACKED_BYTES) {
                    throw new Problem(
                            Problem.Kind.FAILED,
                            "the kernel's files have more than " + MAX_UNPACKED_BYTES + " bytes, at " + name);
                }
                out.write(buffer, 0, read);
            }
        }
        progress.progress(unpacked, null, "bytes");
    }
}
