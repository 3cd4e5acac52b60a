package banger.daemon.rootfs;

/**
 * How much an archive may unpack to.
 *
 * @param bytes the sum of its files' sizes, those included that later layers remove
 * @param entries how many files, folders and links
 */
public record ImportLimits(long bytes, int entries) {}
