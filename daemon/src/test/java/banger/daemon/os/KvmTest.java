package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvmTest {
    @TempDir
    Path folder;

    @Test
    void aDeviceThatOpensIsNotEnoughWithoutTheCpusHelp() throws IOException {
        Path device = Files.createFile(folder.resolve("kvm"));
        Kvm kvm = Kvm.look(device, false);
        assertFalse(kvm.works());
        assertEquals(
                "the cpu offers neither vmx nor svm, so " + device + " cannot run an ordinary guest", kvm.reason());
    }

    @Test
    void deviceAndCpuTogetherWork() throws IOException {
        assertTrue(Kvm.look(Files.createFile(folder.resolve("kvm")), true).works());
    }

    @Test
    void aMissingDeviceIsNamedWithTheModulesThatMakeIt() {
        Kvm kvm = Kvm.look(folder.resolve("kvm"), true);
        assertFalse(kvm.works());
        assertTrue(kvm.reason().contains(folder.resolve("kvm").toString()), kvm.reason());
        assertEquals("sudo modprobe -a kvm_intel kvm_amd", kvm.fix());
    }
}
