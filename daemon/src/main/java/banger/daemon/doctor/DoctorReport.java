package banger.daemon.doctor;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Jsonb;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON form of a diagnosis. */
final class DoctorReport {
    private DoctorReport() {}

    /** {@code result}: {@code ok warning failure}. */
    @Json
    record Line(
            String check,
            String result,
            String found,
            @Nullable String fix) {}

    @Json
    record Report(String result, List<Line> checks) {}

    static String json(Report report) {
        return Jsonb.builder().build().type(Report.class).toJson(report);
    }
}
