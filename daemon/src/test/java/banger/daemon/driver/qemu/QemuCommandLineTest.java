package banger.daemon.driver.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.VmSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QemuCommandLineTest {
    private static final Path FOLDER = Path.of("/vms/a,b");

    private static List<String> drives(DiskLimits limits) {
        var plan = new MachinePlan(
                UUID.randomUUID(),
                "beta",
                FOLDER,
                new VmSpec(1, 1L << 30, 1L << 30, NetworkMode.NONE, List.of()),
                Path.of("/vmlinux"),
                Path.of("/initramfs"),
                List.of(
                        new MachinePlan.Disk("layer0", Path.of("/layer.ext4"), true),
                        new MachinePlan.Disk("root", FOLDER.resolve("root.ext4"), false)),
                new MachinePlan.Roles(List.of("layer0"), "modules", "root", null));
        var program = new QemuProgram(Path.of("/qemu"), QemuProgram.Accelerator.TCG, 1);
        List<String> words = QemuCommandLine.of(program, plan, new QemuFiles(FOLDER, Path.of("/run")), limits);
        return words.stream().filter(word -> word.contains("if=none")).toList();
    }

    @Test
    void disksAreByTheirFilesAndUnlimited() {
        assertEquals(
                List.of(
                        "id=layer0,if=none,format=raw,file=/layer.ext4,readonly=on",
                        "id=root,if=none,format=raw,file=/vms/a,,b/root.ext4,discard=unmap,werror=report"),
                drives(DiskLimits.NONE));
    }

    @Test
    void limitsAreEveryDisks() {
        for (String drive : drives(new DiskLimits(1000, 20))) {
            assertEquals(
                    ",throttling.bps-total=1000,throttling.iops-total=20",
                    drive.substring(drive.indexOf(",throttling")));
        }
        assertEquals(2, drives(new DiskLimits(1000, 20)).size());
    }
}
