package banger.daemon.vm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a caller wants of a new VM; null takes the configured default. */
public record VmRequest(
        @Nullable String name,
        @Nullable String image,
        @Nullable Integer vcpus,
        @Nullable Long memoryBytes,
        @Nullable Long diskBytes,
        @Nullable String network,
        List<PublishedPort> publish,
        boolean autostart) {}
