package banger.daemon.kernel;

import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Unpacks a kernel from its package and, where that holds but a part or only names others, from the packages that it
 * needs. Those must lie in the same folder: nothing is fetched. Every file is checked against the digest that its
 * package has for it.
 */
final class PackageUnpacking {
    private static final int MAX_PACKAGES = 16;
    private static final int MAX_NEIGHBOURS = 10_000;

    /** Reads what a package file says about itself. */
    interface Reader {
        KernelPackage read(Path file) throws IOException;
    }

    private final Reader reader;
    private final UnpackedKernel target;
    private final Progress progress;
    private final Set<String> seen = new HashSet<>();
    private final List<String> missing = new ArrayList<>();

    PackageUnpacking(Reader reader, UnpackedKernel target, Progress progress) {
        this.reader = reader;
        this.target = target;
        this.progress = progress;
    }

    /** @throws Problem that names what lacks, or the file whose digest is wrong */
    void run(KernelPackage first) throws IOException {
        Deque<KernelPackage> open = new ArrayDeque<>(List.of(first));
        seen.add(first.name());
        while (!target.isWhole() && !open.isEmpty()) {
            KernelPackage next = open.remove();
            progress.stage("unpack", "unpacking " + next);
            unpack(next);
            for (String name : next.depends()) {
                // Others, such as tools for the installation, are the distribution's own affair.
                if (name.startsWith("linux") && seen.add(name) && seen.size() <= MAX_PACKAGES) {
                    find(name, first.file()).ifPresentOrElse(open::add, () -> missing.add(name));
                }
            }
        }
        if (!target.isWhole()) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "the package " + first + " holds "
                            + (target.images().isEmpty() ? "no kernel" : "no modules of its kernel")
                            + (missing.isEmpty()
                                    ? " and names no package that does"
                                    : "; it needs " + String.join(", ", missing) + ", not found in "
                                            + first.file().toAbsolutePath().getParent()),
                    missing.isEmpty() ? null : "put the package's file beside it, then try again");
        }
    }

    private java.util.Optional<KernelPackage> find(String name, Path beside) throws IOException {
        String file = beside.getFileName().toString();
        int dot = file.lastIndexOf('.');
        String suffix = dot < 0 ? "" : file.substring(dot);
        List<KernelPackage> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(beside.toAbsolutePath().getParent())) {
            for (Path each : files.limit(MAX_NEIGHBOURS).sorted().toList()) {
                String other = each.getFileName().toString();
                if (other.startsWith(name) && other.endsWith(suffix)) {
                    KernelPackage read = reader.read(each);
                    if (read.name().equals(name)) {
                        found.add(read);
                    }
                }
            }
        }
        if (found.size() > 1) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "more than one version of " + name + " lies beside " + beside + ": "
                            + String.join(
                                    ", ",
                                    found.stream().map(KernelPackage::version).toList()),
                    "leave only the right one there");
        }
        return found.stream().findFirst();
    }

    private void unpack(KernelPackage source) throws IOException {
        source.content().forEachFile((name, content) -> {
            if (!UnpackedKernel.wants(name)) {
                return;
            }
            MessageDigest digest = digest(source.algorithm());
            target.take(name, new DigestInputStream(new Unclosed(content), digest));
            String found = HexFormat.of().formatHex(digest.digest());
            String expected = source.digests().get(name);
            // Debian's packages have no digest of some files; Void's have one of each.
            if (expected == null ? source.algorithm().equals("SHA-256") : !expected.equals(found)) {
                throw new Problem(
                        Problem.Kind.FAILED,
                        "the file " + name + " in " + source.file() + " is damaged: its " + source.algorithm() + " is "
                                + found + ", expected " + (expected == null ? "one that the package names" : expected));
            }
        });
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    private static final class Unclosed extends FilterInputStream {
        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // The archive's stream goes on behind this file.
        }
    }
}
