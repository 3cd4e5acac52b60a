package banger.daemon.state;

import banger.daemon.image.Layer;
import io.avaje.jsonb.Json;
import java.util.List;

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
}
