package banger.wire.rpc;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages about templates. */
public final class TemplateMessages {
    private TemplateMessages() {}

    /** Makes the template of that image and shape; null takes the configured default. */
    @Json
    public record WarmImage(
            @Nullable String image,
            @Nullable Integer vcpus,
            @Nullable Long memoryBytes,
            @Nullable String network) {}

    /** The beginning of a template's digest. */
    @Json
    public record TemplateRef(String template) {}

    /** {@code current}: a new VM of this image and shape would be restored from it. */
    @Json
    public record TemplateView(
            String digest,
            String image,
            int vcpus,
            long memoryBytes,
            String network,
            long diskSizeBytes,
            long usedDiskBytes,
            boolean current,
            String createdAt) {}

    @Json
    public record TemplateList(List<TemplateView> templates) {}
}
