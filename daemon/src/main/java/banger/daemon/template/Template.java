package banger.daemon.template;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.os.SparseDigest;
import banger.daemon.vm.FrozenVm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A whole template in its folder.
 *
 * @param digest the template's name: its key
 * @param image the name of the image that it was made of
 * @param ramDigest of the memory's data
 * @param hostBoot the host's boot id when it was made
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
        String hostBoot,
        Instant createdAt) {
    FrozenMachine machine() {
        return FrozenMachine.in(folder);
    }

    /** Whether its memory is what was written; reads all of it. */
    boolean isIntact() throws IOException {
        return SparseDigest.of(machine().memory()).equals(ramDigest);
    }

    FrozenVm frozen() {
        return new FrozenVm(machine(), folder, diskBytes);
    }
}
