package banger.daemon.image;

import java.nio.file.Path;

/**
 * A file of the store that no image needs.
 *
 * @param what what it is, for a person
 * @param bytes what it takes on disk
 */
public record UnusedFile(Path file, String what, long bytes) {}
