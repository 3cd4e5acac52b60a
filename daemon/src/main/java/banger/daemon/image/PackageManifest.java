package banger.daemon.image;

/**
 * The packages of a distribution that an image holds.
 *
 * @param count how many
 * @param digest SHA-256 of their names and versions, a sorted line each: two images with the same packages share it
 */
public record PackageManifest(int count, String digest) {}
