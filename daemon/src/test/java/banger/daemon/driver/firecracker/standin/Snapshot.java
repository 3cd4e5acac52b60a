package banger.daemon.driver.firecracker.standin;

import io.avaje.jsonb.Jsonb;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the stand-in keeps of a machine in a snapshot's state file: names as they were told, relative ones too. */
record Snapshot(
        Map<String, Object> machine,
        @Nullable Map<String, Object> boot,
        List<Map<String, Object>> drives,
        List<Map<String, Object>> networks,
        @Nullable Map<String, Object> vsock) {
    private static final Jsonb JSON = Jsonb.builder().build();

    String toJson() {
        var all = new HashMap<String, Object>();
        all.put("machine", machine);
        all.put("boot", boot);
        all.put("drives", drives);
        all.put("networks", networks);
        all.put("vsock", vsock);
        return JSON.type(Object.class).toJson(all);
    }

    @SuppressWarnings("unchecked")
    static Snapshot fromJson(String text) {
        var all = (Map<String, Object>) JSON.type(Object.class).fromJson(text);
        return new Snapshot(
                (Map<String, Object>) all.get("machine"),
                (Map<String, Object>) all.get("boot"),
                (List<Map<String, Object>>) all.get("drives"),
                (List<Map<String, Object>>) all.get("networks"),
                (Map<String, Object>) all.get("vsock"));
    }
}
