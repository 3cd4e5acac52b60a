package banger.daemon.oci;

import banger.daemon.oci.OciJson.Descriptor;
import banger.daemon.oci.OciJson.Document;
import banger.daemon.problem.Problem;
import banger.daemon.rootfs.StoredLayer;
import io.avaje.jsonb.JsonType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the image for this machine in an index or a manifest, and what it says about itself. */
record ImageReader(Blobs blobs, String name) {
    private static final int MAX_LAYERS = 1000;
    private static final int MAX_INDEXES = 4;

    /** @param document an index or a manifest */
    OciImage read(byte[] document) throws IOException {
        Document manifest = manifest(document);
        Descriptor config = manifest.config();
        List<Descriptor> layers = manifest.layers();
        if (config == null || layers == null || layers.isEmpty() || layers.size() > MAX_LAYERS) {
            throw failed("is no image: its manifest names "
                    + (config == null ? "no configuration" : (layers == null ? 0 : layers.size()) + " layers"));
        }
        if (ArtifactTarget.CONFIGURATION.equals(config.mediaType())) {
            throw new Problem(Problem.Kind.FAILED, name + " is an image of banger's own", "banger image pull " + name);
        }
        byte[] configuration = blobs.configuration(Objects.requireNonNullElse(config.digest(), ""));
        OciJson.Config parsed = parse(OciJson.CONFIG, configuration, "configuration");
        checkArchitecture(parsed);
        List<StoredLayer> stored = new ArrayList<>();
        for (Descriptor layer : layers) {
            stored.add(blobs.layer(Objects.requireNonNullElse(layer.digest(), ""), layer.size()));
        }
        return image(stored, parsed.config());
    }

    /** The manifest for this machine. @param document an index or a manifest */
    Document manifest(byte[] document) throws IOException {
        Document manifest = parse(OciJson.DOCUMENT, document, "manifest");
        List<Descriptor> choice = manifest.manifests();
        for (int depth = 0; choice != null; depth++) {
            if (depth == MAX_INDEXES) {
                throw failed("has indexes in indexes, more than " + MAX_INDEXES);
            }
            String digest = Objects.requireNonNullElse(choose(choice).digest(), "");
            manifest = parse(OciJson.DOCUMENT, blobs.manifest(digest), "manifest");
            choice = manifest.manifests();
        }
        return manifest;
    }

    <T> T parse(JsonType<T> type, byte[] json, String what) {
        try {
            return type.fromJson(new String(json, StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            throw failed("has a " + what + " that cannot be read: " + e.getMessage());
        }
    }

    void checkArchitecture(OciJson.Config config) {
        String found = config.architecture();
        if (found != null && !found.isEmpty() && !found.equals(Architecture.ofThisMachine())) {
            throw otherArchitecture(found);
        }
    }

    static OciImage image(List<StoredLayer> layers, OciJson.@Nullable Run run) {
        if (run == null) {
            return new OciImage(layers, Map.of(), "", "", List.of(), List.of());
        }
        Map<String, String> environment = new LinkedHashMap<>();
        for (String each : or(run.env())) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                environment.put(each.substring(0, equals), each.substring(equals + 1));
            }
        }
        return new OciImage(
                layers,
                environment,
                Objects.requireNonNullElse(run.user(), ""),
                Objects.requireNonNullElse(run.workingDir(), ""),
                Stream.concat(or(run.entrypoint()).stream(), or(run.cmd()).stream())
                        .toList(),
                ports(run));
    }

    private static List<Integer> ports(OciJson.Run run) {
        TreeSet<Integer> ports = new TreeSet<>();
        if (run.exposedPorts() != null) {
            for (String each : run.exposedPorts().keySet()) {
                if (each.matches("[0-9]{1,5}(/tcp)?")) {
                    ports.add(Integer.parseInt(each.replace("/tcp", "")));
                }
            }
        }
        return List.copyOf(ports);
    }

    private static List<String> or(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }

    private Descriptor choose(List<Descriptor> manifests) {
        List<String> found = new ArrayList<>();
        for (Descriptor each : manifests) {
            OciJson.Platform platform = each.platform();
            // A layout with one image need not say what it is for.
            if (platform == null
                    ? manifests.size() == 1
                    : "linux".equals(platform.os())
                            && Architecture.ofThisMachine().equals(platform.architecture())) {
                return each;
            }
            // What signs or describes the others is said to be for "unknown".
            if (platform != null && !"unknown".equals(platform.os())) {
                found.add(platform.os() + "/" + platform.architecture());
            }
        }
        throw otherArchitecture(found.isEmpty() ? "none that is named" : String.join(", ", found));
    }

    private Problem otherArchitecture(String found) {
        return failed("is not for this machine: expected linux/" + Architecture.ofThisMachine() + ", found " + found);
    }

    private Problem failed(String what) {
        return new Problem(Problem.Kind.FAILED, name + " " + what);
    }
}
