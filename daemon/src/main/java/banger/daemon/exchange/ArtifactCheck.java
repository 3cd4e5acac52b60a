package banger.daemon.exchange;

import banger.daemon.exchange.ArtifactJson.Artifact;
import banger.daemon.exchange.ArtifactJson.Chunk;
import banger.daemon.exchange.ArtifactJson.StoredFile;
import banger.daemon.image.Image;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.problem.Problem;
import banger.daemon.rootfs.ImportLimits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Reads what an artifact says about itself, none of which is trusted: names become paths, sizes become disk space. */
final class ArtifactCheck {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern KERNEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,99}");
    private static final long MAX_FILE_BYTES = 1L << 42;

    private final String reference;
    private final ImportLimits limits;
    private long bytes;

    ArtifactCheck(String reference, ImportLimits limits) {
        this.reference = reference;
        this.limits = limits;
    }

    /** The artifact, which is as it should be. @throws Problem that names what is not */
    Artifact read(byte[] json) {
        Artifact artifact;
        try {
            artifact = ArtifactJson.TYPE.fromJson(new String(json, StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            throw refused("its configuration cannot be read: " + e.getMessage());
        }
        if (artifact.format() != ArtifactJson.FORMAT) {
            throw refused("it has the format " + artifact.format() + ", this banger knows " + ArtifactJson.FORMAT);
        }
        try {
            check(artifact);
        } catch (NullPointerException e) {
            // The JSON library leaves fields null that are absent.
            throw refused("its configuration is incomplete");
        }
        return artifact;
    }

    /** The bytes that its chunks unpack to. */
    long bytes() {
        return bytes;
    }

    private void check(Artifact artifact) {
        int layers = artifact.layers().size();
        if (layers < 1 || layers > Image.MAX_LAYERS) {
            throw refused("it has " + layers + " layers, expected 1 to " + Image.MAX_LAYERS);
        }
        artifact.layers().forEach(this::checkWhole);
        check(artifact.seed());
        if (!KERNEL.matcher(artifact.kernel().id()).matches()) {
            throw refused("\"" + artifact.kernel().id() + "\" cannot name a kernel");
        }
        List<String> names = new ArrayList<>();
        for (StoredFile file : artifact.kernel().files()) {
            checkWhole(file);
            if (!KernelBundles.isBundleFile(file.name()) || names.contains(file.name())) {
                throw refused("a kernel has no file \"" + file.name() + "\"");
            }
            names.add(file.name());
        }
        for (var step : artifact.history()) {
            when(step.at());
            printable(step.what());
            printable(step.layer());
        }
        for (String text : List.of(artifact.recipe(), artifact.user(), artifact.folder(), artifact.architecture())) {
            printable(text);
        }
        artifact.readiness().forEach(this::printable);
        artifact.entrypoint().forEach(Objects::requireNonNull);
        artifact.ports().forEach(Objects::requireNonNull);
        for (String each : artifact.environment()) {
            if (each.indexOf('=') < 1 || each.indexOf('\0') >= 0) {
                throw refused("\"" + each + "\" is no NAME=value");
            }
        }
    }

    /** People read it in a terminal. */
    private void printable(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw refused("\"" + text + "\" has control characters");
        }
    }

    private void when(String text) {
        try {
            Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw refused("\"" + text + "\" is no time");
        }
    }

    /** Its digest is one of all its bytes, holes too, and is taken of so many. */
    private void checkWhole(StoredFile file) {
        if (file.bytes() > limits.bytes()) {
            throw exceeded(file);
        }
        check(file);
    }

    private void check(StoredFile file) {
        if (!DIGEST.matcher(file.digest()).matches() || file.bytes() <= 0 || file.bytes() > MAX_FILE_BYTES) {
            throw refused("its file " + file.name() + " of " + file.bytes() + " bytes cannot be");
        }
        long end = 0;
        for (Chunk chunk : file.chunks()) {
            if (chunk.offset() < end
                    || chunk.bytes() <= 0
                    || chunk.bytes() > ChunkWriter.CHUNK_BYTES
                    || chunk.size() <= 0
                    || chunk.size() > mostPacked(chunk.bytes())
                    || chunk.offset() + chunk.bytes() > file.bytes()) {
                throw refused("its chunk " + chunk.digest() + " lies where none can be");
            }
            end = chunk.offset() + chunk.bytes();
            bytes += chunk.bytes();
            if (bytes > limits.bytes()) {
                throw exceeded(file);
            }
        }
    }

    /** More than zstd makes of what cannot be compressed. */
    private static long mostPacked(int bytes) {
        return bytes + bytes / 128L + 1024;
    }

    private Problem exceeded(StoredFile file) {
        return new Problem(
                Problem.Kind.RESOURCE_EXHAUSTED,
                reference + " unpacks to more than " + limits.bytes() + " bytes, at its file " + file.name(),
                "set import.max_size in config.toml, if you trust the image");
    }

    private Problem refused(String reason) {
        return new Problem(Problem.Kind.FAILED, reference + " is refused: " + reason.replaceAll("\\p{Cntrl}", "?"));
    }
}
