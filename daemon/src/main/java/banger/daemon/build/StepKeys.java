package banger.daemon.build;

import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.os.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Under what the results of steps are kept: digests of all that a result depends on. */
final class StepKeys {
    /** To be raised when steps of the same words come to mean something else. */
    private static final String FORM = "banger-build-1";

    private StepKeys() {}

    /** A key for each step, in order: each depends on those before it. @param home the layer of the base's home */
    static List<String> of(Image base, Layer home, Map<String, String> environment, List<Step> steps)
            throws IOException {
        List<String> begin = new ArrayList<>(List.of(FORM, home.digest(), base.kernel()));
        base.layers().forEach(layer -> begin.add(layer.digest()));
        new TreeMap<>(environment).forEach((name, value) -> begin.add(name + "=" + value));
        String key = digest(begin);
        List<String> keys = new ArrayList<>();
        for (Step step : steps) {
            List<String> parts = new ArrayList<>(List.of(key));
            parts.addAll(step.identity());
            if (step instanceof Step.Copy copy) {
                parts.add(HostContent.digest(copy.source()));
            }
            key = digest(parts);
            keys.add(key);
        }
        return keys;
    }

    /** Of several layers in one. */
    static String ofMerged(List<Layer> layers) {
        List<String> parts = new ArrayList<>(List.of(FORM, "merged"));
        layers.forEach(layer -> parts.add(layer.digest()));
        return digest(parts);
    }

    /** Of the layer that holds the home of that work seed. */
    static String ofHome(String seedDigest) {
        return digest(List.of(FORM, "home", seedDigest));
    }

    static String digest(List<String> parts) {
        MessageDigest digest = Sha256.digest();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
