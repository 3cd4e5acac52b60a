package banger.daemon.image;

/**
 * The file that work disks of an image are cloned from.
 *
 * @param digest of the file: a SparseDigest, as the file is long and nearly empty; empty where there is none yet
 * @param fingerprint what it was made from; it is stale where that has changed
 */
public record WorkSeed(String digest, String fingerprint) {
    /** The next VM makes it. */
    public static final WorkSeed NONE = new WorkSeed("", "");
}
