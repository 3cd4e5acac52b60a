package banger.daemon.template;

import banger.daemon.vm.Templates;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A whole template in its folder.
 *
 * @param digest the template's name: its key
 * @param image the name of the image that it was made of
 * @param ramDigest of the memory's data
 */
public record Template(
        Path folder,
        String digest,
        String image,
        int vcpus,
        long memoryBytes,
        String network,
        long diskBytes,
        String ramDigest,
        long devicesBytes,
        Instant createdAt) {
    static final String RAM = "ram";
    static final String DEVICES = "devices";

    Path ram() {
        return folder.resolve(RAM);
    }

    Path devices() {
        return folder.resolve(DEVICES);
    }

    Templates.Frozen frozen(String root, String work) {
        return new Templates.Frozen(ram(), devices(), folder.resolve(root), folder.resolve(work), diskBytes);
    }
}
