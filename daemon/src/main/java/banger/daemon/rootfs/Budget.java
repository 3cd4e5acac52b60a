package banger.daemon.rootfs;

import banger.daemon.problem.Problem;

/** What an import may still unpack; one for all its layers. */
final class Budget {
    private final ImportLimits limits;
    private long bytes;
    private long entries;

    Budget(ImportLimits limits) {
        this.limits = limits;
    }

    /** @throws Problem RESOURCE_EXHAUSTED that names the entry with which a limit is passed */
    void take(LayerEntry entry, String source) {
        bytes += entry.size();
        entries++;
        if (bytes > limits.bytes() || bytes < 0) {
            throw exceeded(entry, source, "unpacks to more than " + limits.bytes() + " bytes", "import.max_size");
        }
        if (entries > limits.entries()) {
            throw exceeded(entry, source, "has more than " + limits.entries() + " entries", "import.max_entries");
        }
    }

    private static Problem exceeded(LayerEntry entry, String source, String what, String key) {
        return new Problem(
                Problem.Kind.RESOURCE_EXHAUSTED,
                source + " " + what + ", at its entry \"" + LayerPlan.printable(entry.name()) + "\" of " + entry.size()
                        + " bytes",
                "set " + key + " in config.toml, if you trust the image");
    }
}
