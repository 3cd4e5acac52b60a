package banger.daemon.os;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether KVM can run an ordinary guest here.
 *
 * @param reason why, or why not
 * @param fix the command that may help, or null
 */
public record Kvm(boolean works, String reason, @Nullable String fix) {
    public static final Path DEVICE = Path.of("/dev/kvm");

    private static final String VIRTUALIZE =
            "enable virtualization in the firmware, or, where this machine is a vm itself, nested virtualization";

    /**
     * Looks at the device and the CPU.
     *
     * <p>A device that opens is not enough: modules such as kvm_pvm make one, and even VMs, on CPUs that do not
     * virtualize, and an ordinary guest hangs under them.
     */
    public static Kvm look(Path device, boolean cpuVirtualizes) {
        if (!Files.exists(device)) {
            return no(
                    "there is no " + device + (cpuVirtualizes ? "" : ", and the cpu offers neither vmx nor svm"),
                    cpuVirtualizes ? "sudo modprobe -a kvm_intel kvm_amd" : VIRTUALIZE);
        }
        if (!cpuVirtualizes) {
            return no("the cpu offers neither vmx nor svm, so " + device + " cannot run an ordinary guest", VIRTUALIZE);
        }
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            String user = System.getProperty("user.name", "$USER");
            return no("this user may not use " + device, "sudo usermod -aG kvm " + user + ", then log in again");
        }
        return new Kvm(true, device + " is usable and the cpu virtualizes", null);
    }

    private static Kvm no(String reason, @Nullable String fix) {
        return new Kvm(false, reason, fix);
    }
}
