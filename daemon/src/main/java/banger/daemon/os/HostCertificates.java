package banger.daemon.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The CA certificates that this host has been given, beyond those of its distribution.
 *
 * @param root of the host's files
 */
public record HostCertificates(Path root) {
    /** Where administrators put them, on Debian, Fedora, Arch and SUSE, before they have the bundle made anew. */
    private static final List<String> ADDED = List.of(
            "usr/local/share/ca-certificates",
            "etc/pki/ca-trust/source/anchors",
            "etc/ca-certificates/trust-source/anchors",
            "etc/pki/trust/anchors");

    /** What the host's own programs read: on Debian and Arch, Fedora, SUSE. */
    private static final List<String> BUNDLES = List.of(
            "etc/ssl/certs/ca-certificates.crt",
            "etc/pki/tls/certs/ca-bundle.crt",
            "var/lib/ca-certificates/ca-bundle.pem");

    private static final int MAX_DEPTH = 4;

    public static HostCertificates ofThisHost() {
        return new HostCertificates(Path.of("/"));
    }

    /**
     * The PEM file that {@code SSL_CERT_FILE} names, else the host's bundle where its administrator has added to it;
     * null where the host trusts what its distribution does.
     */
    public @Nullable Path given(Map<String, String> environment) {
        String file = environment.getOrDefault("SSL_CERT_FILE", "");
        // A stale variable must not keep the daemon from starting; a path that the user wrote down is another matter.
        if (file.startsWith("/") && Files.isReadable(Path.of(file))) {
            return Path.of(file);
        }
        return ADDED.stream().map(root::resolve).anyMatch(HostCertificates::holdsFiles)
                ? BUNDLES.stream()
                        .map(root::resolve)
                        .filter(Files::isReadable)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    private static boolean holdsFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(folder, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            return all.anyMatch(file ->
                    Files.isRegularFile(file) && !file.getFileName().toString().startsWith("."));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
