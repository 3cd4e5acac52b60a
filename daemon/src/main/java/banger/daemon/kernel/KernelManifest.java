package banger.daemon.kernel;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The file {@code kernel.properties} of a bundle: what it is and how long its files are.
 *
 * @param version what {@code uname -r} says
 * @param packageVersion the Debian package's
 * @param sizes bytes of each file by name
 */
record KernelManifest(String version, String packageVersion, Map<String, Long> sizes) {
    private static final String FILE = "kernel.properties";
    private static final String SIZE = "size.";

    static KernelManifest of(Path folder, String version, String packageVersion, String... files) throws IOException {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (String file : files) {
            sizes.put(file, Files.size(folder.resolve(file)));
        }
        return new KernelManifest(version, packageVersion, sizes);
    }

    void write(Path folder) throws IOException {
        StringBuilder text = new StringBuilder("version=" + version + "\npackageVersion=" + packageVersion + "\n");
        sizes.forEach((file, size) -> text.append(SIZE).append(file).append('=').append(size).append('\n'));
        Files.writeString(folder.resolve(FILE), text);
    }

    /** @throws Problem FAILED that says what is wrong with it */
    static KernelManifest read(Path folder) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve(FILE))) {
            properties.load(in);
            Map<String, Long> sizes = new LinkedHashMap<>();
            for (String name : properties.stringPropertyNames()) {
                if (name.startsWith(SIZE)) {
                    sizes.put(name.substring(SIZE.length()), Long.parseLong(properties.getProperty(name)));
                }
            }
            return new KernelManifest(
                    required(properties, "version"), required(properties, "packageVersion"), sizes);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new Problem(Problem.Kind.FAILED, "its " + FILE + " is missing");
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(Problem.Kind.FAILED, "its " + FILE + " cannot be read: " + e.getMessage(), null, e);
        }
    }

    /** What is wrong with the folder's files. */
    Optional<String> fault(Path folder) {
        for (String file : new String[] {KernelBundles.VMLINUX, KernelBundles.MODULES_CPIO, KernelBundles.MODULES_LAYER
        }) {
            try {
                long found = Files.size(folder.resolve(file));
                Long expected = sizes.get(file);
                if (expected == null || expected != found) {
                    return Optional.of("its " + file + " has " + found + " bytes, expected " + expected);
                }
            } catch (IOException e) {
                return Optional.of("its " + file + " is missing");
            }
        }
        return Optional.empty();
    }

    private static String required(Properties properties, String name) {
        String value = properties.getProperty(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }
}
