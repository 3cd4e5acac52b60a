package banger.daemon.vm;

/**
 * How much a VM may read and write of each of its disks in a second.
 *
 * @param bytes 0: as much as it can
 * @param operations 0: as many as it can
 */
public record DiskLimits(long bytes, long operations) {
    public static final DiskLimits NONE = new DiskLimits(0, 0);
}
