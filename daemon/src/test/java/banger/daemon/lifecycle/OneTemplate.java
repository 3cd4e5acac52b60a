package banger.daemon.lifecycle;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.image.Image;
import banger.daemon.vm.FrozenVm;
import banger.daemon.vm.Templates;
import banger.daemon.vm.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The same template for every VM of one vCPU, whose memory and disks are short texts; it may be lost. */
final class OneTemplate implements Templates {
    private final Path folder;
    private volatile boolean lost;

    OneTemplate(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        for (String file : new String[] {"ram", "devices", "root.ext4", "work.ext4"}) {
            Files.writeString(folder.resolve(file), "frozen " + file);
        }
    }

    void lose() {
        lost = true;
    }

    @Override
    public Offer find(Vm vm, Image image) {
        if (lost) {
            return Offer.none("the template is lost");
        }
        return vm.spec().vcpus() != 1
                ? Offer.none(null)
                : Offer.of(new FrozenVm(FrozenMachine.in(folder), folder, 1 << 30));
    }

    @Override
    public void distrust(FrozenVm template, String reason) {
        lost = true;
    }

    @Override
    public void missed(Vm vm, Image image) {}
}
