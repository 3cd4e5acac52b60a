package banger.daemon.driver.firecracker.standin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a guest could boot from what it is given: the rules of docs/guest-protocol.md, and of Firecracker's machine. */
final class Bootability {
    private Bootability() {}

    /** What is wrong, or null. */
    static @Nullable String wrong(
            Map<String, Object> source, List<Map<String, Object>> drives, @Nullable String vsock) {
        String line = String.valueOf(source.get("boot_args"));
        if (source.get("initrd_path") == null) {
            return "there is no initramfs";
        }
        if (!value(line, "banger.stream").equals("vsock:1024") || vsock == null) {
            return "there is no stream to the host";
        }
        if (!value(line, "banger.off").equals("reboot")
                || !value(line, "reboot").equals("k")) {
            return "this machine could not be switched off";
        }
        for (String disk : (value(line, "banger.layers") + "," + value(line, "banger.modules")).split(",")) {
            if (!isDisk(disk, drives, true)) {
                return "no read-only disk \"" + disk + "\" among " + drives.size();
            }
        }
        for (String disk : List.of(value(line, "banger.root"), value(line, "banger.work"))) {
            if (!isDisk(disk, drives, false)) {
                return "no writable disk \"" + disk + "\" among " + drives.size();
            }
        }
        return null;
    }

    /** putGuestDriveByID: the guest's devices are vda, vdb … in the order of the drives; they have no serials to choose. */
    private static boolean isDisk(String name, List<Map<String, Object>> drives, boolean readOnly) {
        int at = name.matches("vd[a-z]") ? name.charAt(2) - 'a' : drives.size();
        return at < drives.size()
                && Boolean.valueOf(readOnly).equals(drives.get(at).get("is_read_only"));
    }

    private static String value(String line, String name) {
        String value = "";
        for (String word : line.split(" ")) {
            if (word.startsWith(name + "=")) {
                value = word.substring(name.length() + 1);
            }
        }
        return value;
    }
}
