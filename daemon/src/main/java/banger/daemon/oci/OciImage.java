package banger.daemon.oci;

import banger.daemon.rootfs.StoredLayer;
import java.util.List;
import java.util.Map;

/**
 * An image that can be imported.
 *
 * @param layers the lowest first
 * @param entrypoint with its arguments
 * @param ports TCP ports that it exposes
 */
public record OciImage(
        List<StoredLayer> layers,
        Map<String, String> environment,
        String user,
        String folder,
        List<String> entrypoint,
        List<Integer> ports) {
    /** A bare root file system. */
    static OciImage of(StoredLayer rootfs) {
        return new OciImage(List.of(rootfs), Map.of(), "", "", List.of(), List.of());
    }
}
