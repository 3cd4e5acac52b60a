package banger.daemon.template;

import banger.daemon.image.FileStamp;
import banger.daemon.image.Image;
import banger.daemon.kernel.Kernel;
import banger.daemon.os.Sha256;
import banger.daemon.vm.VmSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a template was made of, as one digest: a template serves only VMs whose key is the same.
 *
 * @param digest of the ingredients and the shape: the first 32 hex digits of a SHA-256
 * @param ingredients the same of each
 */
record TemplateKey(String digest, Map<Ingredient, String> ingredients) {
    /** Changes when frozen machines are laid out or treated in another way. */
    private static final String FORMAT = "4";

    private static final int LENGTH = 32;

    TemplateKey {
        ingredients = Map.copyOf(ingredients);
    }

    /** @param driver its fingerprint @param certificates a digest of those that guests are given */
    static TemplateKey of(Image image, Kernel kernel, VmSpec spec, String driver, String certificates)
            throws IOException {
        var files = new ArrayList<String>();
        image.layers().forEach(layer -> files.add(layer.digest()));
        if (image.userFiles() != null) {
            files.add(FileStamp.of(image.userFiles().rootfs()));
        }
        var ingredients = new EnumMap<Ingredient, String>(Ingredient.class);
        ingredients.put(Ingredient.FORMAT, digest(FORMAT));
        ingredients.put(Ingredient.IMAGE, digest(String.join("\n", files)));
        ingredients.put(Ingredient.HOME, digest(image.workSeed()));
        ingredients.put(Ingredient.READINESS, digest(String.join("\n", image.readiness())));
        ingredients.put(Ingredient.KERNEL, digest(kernel.id()));
        // The initramfs holds the agent; it is made anew, at another time, for another agent.
        ingredients.put(
                Ingredient.AGENT,
                digest(Files.getLastModifiedTime(kernel.initramfs()) + " " + Files.size(kernel.initramfs())));
        ingredients.put(Ingredient.DRIVER, digest(driver));
        ingredients.put(Ingredient.CERTIFICATES, digest(certificates));
        var all = new ArrayList<>(ingredients.values());
        all.add(spec.vcpus() + " " + spec.memoryBytes() + " " + spec.network());
        return new TemplateKey(digest(String.join("\n", all)), ingredients);
    }

    /** What of the other's ingredients are others in this one, for a person. */
    List<String> unlike(TemplateKey other) {
        var found = new ArrayList<String>();
        for (Ingredient each : Ingredient.values()) {
            if (!ingredients.get(each).equals(other.ingredients().get(each))) {
                found.add(each.words);
            }
        }
        return found;
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, LENGTH);
    }
}
