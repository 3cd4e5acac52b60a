package banger.daemon.image;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an image comes from.
 *
 * @param recipe how it was made, in a line for a person
 * @param history its steps, the first one first
 * @param packages what is installed, or null where it has no package manager that is known
 */
public record Provenance(
        String recipe, List<HistoryEntry> history, @Nullable PackageManifest packages) {
    public Provenance {
        history = List.copyOf(history);
    }
}
