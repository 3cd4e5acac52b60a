package banger.daemon.template;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.vm.FrozenVm;
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
    FrozenMachine machine() {
        return FrozenMachine.in(folder);
    }

    FrozenVm frozen(String root, String work) {
        return new FrozenVm(machine(), folder.resolve(root), folder.resolve(work), diskBytes);
    }
}
