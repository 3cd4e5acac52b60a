package banger.daemon.image;

import java.time.Instant;

/**
 * One step of how an image came about.
 *
 * @param what the step, for a person
 * @param layer the digest of the layer that it made, or that it was put into
 */
public record HistoryEntry(String what, String layer, Instant at) {}
