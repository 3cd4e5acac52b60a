package banger.daemon.state;

import banger.daemon.image.GuestProfile;
import banger.daemon.image.HistoryEntry;
import banger.daemon.image.Layer;
import banger.daemon.image.PackageManifest;
import io.avaje.jsonb.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JSON columns of {@code images}: their form on disk, apart from the domain's own records. */
final class ImageJson {
    private ImageJson() {}

    @Json
    record StoredLayer(String digest, long sizeBytes) {
        static StoredLayer of(Layer layer) {
            return new StoredLayer(layer.digest(), layer.sizeBytes());
        }

        Layer toDomain() {
            return new Layer(digest, sizeBytes);
        }
    }

    @Json
    record Layers(List<StoredLayer> layers) {
        static Layers of(List<Layer> layers) {
            return new Layers(layers.stream().map(StoredLayer::of).toList());
        }

        List<Layer> toDomain() {
            return layers.stream().map(StoredLayer::toDomain).toList();
        }
    }

    @Json
    record Readiness(List<String> conditions) {}

    /** Lists may be absent. */
    @Json
    record Profile(
            @Nullable List<String> environment,
            @Nullable String user,
            @Nullable String folder,
            @Nullable List<String> entrypoint,
            @Nullable List<Integer> ports) {
        static Profile of(GuestProfile profile) {
            return new Profile(
                    profile.environment().entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .toList(),
                    profile.user(),
                    profile.folder(),
                    profile.entrypoint(),
                    profile.ports());
        }

        GuestProfile toDomain(List<String> readiness) {
            Map<String, String> variables = new LinkedHashMap<>();
            for (String each : orEmpty(environment)) {
                int equals = each.indexOf('=');
                variables.put(each.substring(0, equals), each.substring(equals + 1));
            }
            return new GuestProfile(
                    readiness,
                    variables,
                    Objects.requireNonNullElse(user, ""),
                    Objects.requireNonNullElse(folder, ""),
                    orEmpty(entrypoint),
                    orEmpty(ports));
        }

        private static <T> List<T> orEmpty(@Nullable List<T> list) {
            return Objects.requireNonNullElse(list, List.of());
        }
    }

    @Json
    record Step(String what, String layer, String at) {
        static Step of(HistoryEntry entry) {
            return new Step(entry.what(), entry.layer(), entry.at().toString());
        }

        HistoryEntry toDomain() {
            return new HistoryEntry(what, layer, Instant.parse(at));
        }
    }

    @Json
    record History(List<Step> steps) {
        static History of(List<HistoryEntry> entries) {
            return new History(entries.stream().map(Step::of).toList());
        }

        List<HistoryEntry> toDomain() {
            return steps.stream().map(Step::toDomain).toList();
        }
    }

    @Json
    record Packages(int count, String digest) {
        static Packages of(PackageManifest manifest) {
            return new Packages(manifest.count(), manifest.digest());
        }

        PackageManifest toDomain() {
            return new PackageManifest(count, digest);
        }
    }
}
