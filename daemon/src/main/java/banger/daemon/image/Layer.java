package banger.daemon.image;

/**
 * A read-only ext4 file, named by its digest.
 *
 * @param digest SHA-256 of the file, 64 hex digits
 * @param sizeBytes the file's length (it may be sparse)
 */
public record Layer(String digest, long sizeBytes) {}
