package banger.daemon.vm;

import java.util.Locale;
import java.util.UUID;

/** A VM's MAC address: of the range that QEMU and KVM use, made from the VM's id, so that it stays the same. */
public record HardwareAddress(int suffix) {
    public static HardwareAddress of(UUID vm) {
        return new HardwareAddress((int) (vm.getLeastSignificantBits() & 0xff_ffff));
    }

    public byte[] bytes() {
        return new byte[] {0x52, 0x54, 0x00, (byte) (suffix >> 16), (byte) (suffix >> 8), (byte) suffix};
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "52:54:00:%02x:%02x:%02x", suffix >> 16 & 0xff, suffix >> 8 & 0xff, suffix & 0xff);
    }
}
