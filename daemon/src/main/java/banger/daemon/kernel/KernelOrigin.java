package banger.daemon.kernel;

import java.time.Instant;

/**
 * Where a bundle came from.
 *
 * @param source the file, or "" for bundles from before it was written down
 * @param packageVersion of the package in it
 * @param digest the file's SHA-256, or ""
 * @param diskBytes what the bundle takes
 */
public record KernelOrigin(String source, String packageVersion, String digest, Instant madeAt, long diskBytes) {}
