package banger.daemon.build;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an image is made of another.
 *
 * @param from the image to begin with; null: whoever builds has to say
 * @param environment what commands find in their environment: those of the steps, and those in VMs of the image
 * @param user who commands in VMs of the image run as, or null: as in the image to begin with
 * @param readiness what VMs wait for, beyond the conditions of the image to begin with
 * @param stepBound how long a step may take, or null: as the settings say
 */
public record Recipe(
        @Nullable String from,
        List<Step> steps,
        Map<String, String> environment,
        @Nullable String user,
        List<String> readiness,
        @Nullable Duration stepBound) {
    public static final Recipe EMPTY = new Recipe(null, List.of(), Map.of(), null, List.of(), null);

    public Recipe {
        steps = List.copyOf(steps);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        readiness = List.copyOf(readiness);
    }

    /** The same with what was asked for besides: other steps come behind, other variables win. */
    public Recipe with(@Nullable String otherFrom, List<Step> more, Map<String, String> variables) {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(more);
        Map<String, String> both = new LinkedHashMap<>(environment);
        both.putAll(variables);
        return new Recipe(otherFrom == null ? from : otherFrom, all, both, user, readiness, stepBound);
    }
}
