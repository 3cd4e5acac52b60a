package banger.daemon.image;

import java.time.Instant;

/**
 * The kept result of a build step.
 *
 * @param key what the step and all before it were: a digest
 * @param what the step, for a person
 */
public record CachedStep(String key, String what, Layer layer, Instant usedAt) {}
