package banger.daemon.oci;

import banger.daemon.os.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import land.oras.ContainerRef;
import land.oras.Manifest;
import land.oras.Registry;
import land.oras.exception.OrasException;

/** A place in a registry that an image of banger's is pushed to: blobs first, at last what names them. */
public final class ArtifactTarget {
    static final String ARTIFACT = "application/vnd.banger.image.v1";
    static final String CONFIGURATION = "application/vnd.banger.image.config.v1+json";
    private static final String CHUNK = "application/vnd.banger.image.chunk.v1+zstd";

    private final Registry registry;
    private final ContainerRef ref;
    private final String reference;
    private final RegistryCalls calls;
    /** Sizes by digest; a chunk that a file has twice is named once. */
    private final Map<String, Integer> blobs = new LinkedHashMap<>();

    ArtifactTarget(Registry registry, ContainerRef ref, String reference, RegistryCalls calls) {
        this.registry = registry;
        this.ref = ref;
        this.reference = reference;
        this.calls = calls;
    }

    /** Stores a chunk, unless the registry has it, and returns its digest. */
    public String put(byte[] blob) throws IOException {
        String digest = send(blob);
        blobs.put(digest, blob.length);
        return digest;
    }

    /** Makes the reference stand for what was put, described by this JSON. */
    public void finish(byte[] configuration) throws IOException {
        String digest = send(configuration);
        String chunks = blobs.entrySet().stream()
                .map(each -> descriptor(CHUNK, each.getKey(), each.getValue()))
                .collect(Collectors.joining(","));
        String manifest = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"artifactType\":\"" + ARTIFACT + "\",\"config\":"
                + descriptor(CONFIGURATION, digest, configuration.length) + ",\"layers\":[" + chunks + "]}";
        try {
            calls.run(() -> registry.pushManifest(ref, Manifest.fromJson(manifest)));
        } catch (OrasException e) {
            throw Registries.failed(e, reference, "pushing to");
        }
    }

    private String send(byte[] blob) throws IOException {
        String digest = "sha256:" + Sha256.of(blob);
        try {
            calls.run(() -> registry.pushBlob(
                    ref.withDigest(digest),
                    blob.length,
                    () -> calls.watched(new ByteArrayInputStream(blob)),
                    Map.of()));
            return digest;
        } catch (OrasException e) {
            throw Registries.failed(e, reference, "pushing to");
        }
    }

    private static String descriptor(String type, String digest, int size) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
    }
}
