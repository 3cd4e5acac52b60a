package banger.daemon.template;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.image.Image;
import banger.daemon.vm.FrozenVm;
import banger.daemon.vm.VmSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * A whole template in its folder.
 *
 * @param key what it was made of
 * @param image the name of the image that it was made of
 * @param files what it holds, by name
 * @param hostBoot the host's boot id when it was made
 */
public record Template(
        Path folder,
        TemplateKey key,
        String image,
        int vcpus,
        long memoryBytes,
        String network,
        long diskBytes,
        Map<String, TemplateFile> files,
        String hostBoot,
        Instant createdAt) {
    public Template {
        files = Map.copyOf(files);
    }

    /** Its name. */
    public String digest() {
        return key.digest();
    }

    /** Whether it was made for VMs of that image's name and that shape, of whatever else. */
    boolean isMeantFor(Image wanted, VmSpec spec) {
        return image.equals(wanted.name())
                && vcpus == spec.vcpus()
                && memoryBytes == spec.memoryBytes()
                && network.equals(spec.network().name());
    }

    FrozenMachine machine() {
        return FrozenMachine.in(folder);
    }

    FrozenVm frozen() {
        return new FrozenVm(machine(), folder, diskBytes);
    }
}
