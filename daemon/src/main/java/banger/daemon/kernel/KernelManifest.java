package banger.daemon.kernel;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * The file {@code kernel.properties} of a bundle: what it is and how long its files are.
 *
 * @param version what {@code uname -r} says
 * @param origin the package that it came from
 * @param madeAt when; for those from before it was written down, when the file was
 * @param sizes bytes of each file by name
 */
record KernelManifest(String version, BundleBuild.Origin origin, Instant madeAt, Map<String, Long> sizes) {
    static final String FILE = "kernel.properties";
    private static final String SIZE = "size.";

    /** Of the finished files in the folder. */
    static KernelManifest of(Path folder, String version, BundleBuild.Origin origin, Instant madeAt)
            throws IOException {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (String file : KernelBundles.FILES) {
            sizes.put(file, Files.size(folder.resolve(file)));
        }
        if (Files.exists(folder.resolve(KernelBundles.INITRD))) {
            sizes.put(KernelBundles.INITRD, Files.size(folder.resolve(KernelBundles.INITRD)));
        }
        return new KernelManifest(version, origin, madeAt, sizes);
    }

    void write(Path folder) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("version", version);
        properties.setProperty("packageVersion", origin.version());
        properties.setProperty("source", origin.source());
        properties.setProperty("sourceDigest", origin.digest());
        properties.setProperty("madeAt", madeAt.toString());
        sizes.forEach((file, size) -> properties.setProperty(SIZE + file, size.toString()));
        try (Writer out = Files.newBufferedWriter(folder.resolve(FILE))) {
            properties.store(out, null);
        }
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
                    required(properties, "version"),
                    new BundleBuild.Origin(
                            required(properties, "packageVersion"),
                            properties.getProperty("source", ""),
                            properties.getProperty("sourceDigest", "")),
                    madeAt(properties, folder),
                    sizes);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new Problem(Problem.Kind.FAILED, "its " + FILE + " is missing");
        } catch (IOException | IllegalArgumentException | java.time.format.DateTimeParseException e) {
            throw new Problem(Problem.Kind.FAILED, "its " + FILE + " cannot be read: " + e.getMessage(), null, e);
        }
    }

    /** What is wrong with the folder's files. */
    Optional<String> fault(Path folder) {
        Set<String> files = new TreeSet<>(KernelBundles.FILES);
        files.addAll(sizes.keySet());
        for (String file : files) {
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

    private static Instant madeAt(Properties properties, Path folder) throws IOException {
        String text = properties.getProperty("madeAt");
        return text == null ? Files.getLastModifiedTime(folder.resolve(FILE)).toInstant() : Instant.parse(text);
    }

    private static String required(Properties properties, String name) {
        String value = properties.getProperty(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }
}
