package banger.daemon.config;

import banger.daemon.vm.ByteSize;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings as the text of a config.toml that would give them again. */
final class ConfigListing {
    private final Map<String, String> values = new LinkedHashMap<>();

    private ConfigListing(Config config) {
        values.put("driver", word(config.driver()));
        values.put("qemu_bin", quoted(config.qemuBin()));
        values.put("firecracker_bin", quoted(config.firecrackerBin()));
        values.put("stop_grace", duration(config.stopGrace()));
        values.put("console_log_limit", quoted(ByteSize.format(config.consoleLogBytes())));
        values.put("suspend_after", config.suspendAfter() == null ? "\"\"" : duration(config.suspendAfter()));
        values.put("ssh_key_path", quoted(config.sshKeyPath()));
        values.put("defaults.image", quoted(config.defaults().image()));
        values.put("defaults.vcpus", "" + config.defaults().vcpus());
        values.put("defaults.memory", quoted(ByteSize.format(config.defaults().memoryBytes())));
        values.put("defaults.disk", quoted(ByteSize.format(config.defaults().diskBytes())));
        values.put("defaults.network", word(config.defaults().network()));
        values.put("guest.ca_certificates", quoted(config.caCertificates()));
        values.put("import.max_size", quoted(ByteSize.format(config.imports().maxBytes())));
        values.put("import.max_entries", "" + config.imports().maxEntries());
        values.put("build.vcpus", "" + config.builds().vcpus());
        values.put("build.memory", quoted(ByteSize.format(config.builds().memoryBytes())));
        values.put("build.disk", quoted(ByteSize.format(config.builds().diskBytes())));
        values.put("build.step_timeout", duration(config.builds().stepBound()));
        values.put("credentials.opencode", "" + config.credentials().opencode());
        values.put("credentials.claude", "" + config.credentials().claude());
        values.put("credentials.pi", "" + config.credentials().pi());
        values.put("templates.automatic", "" + config.automaticTemplates());
        values.put("pool.image", quoted(config.pool().image()));
        values.put("pool.size", "" + config.pool().size());
        values.put("pool.spare_memory", quoted(ByteSize.format(config.pool().spareBytes())));
        values.put("network.subnet", quoted(config.network().subnet()));
        values.put("network.guests_reach_each_other", "" + config.network().guestsReachEachOther());
        values.put("network.ready_taps", "" + config.network().readyTaps());
        values.put(
                "limits.disk_bandwidth", quoted(sizeOrNone(config.diskLimits().bytes())));
        values.put("limits.disk_operations", "" + config.diskLimits().operations());
    }

    private static @Nullable String sizeOrNone(long bytes) {
        return bytes == 0 ? null : ByteSize.format(bytes);
    }

    /** Every setting, those of a table under its name; what is as by default says so. */
    static String of(Config config, Config defaults) {
        Map<String, String> usual = new ConfigListing(defaults).values;
        var text = new StringBuilder();
        String table = "";
        for (var entry : new ConfigListing(config).values.entrySet()) {
            String key = entry.getKey();
            int dot = key.indexOf('.');
            if (dot > 0 && !key.substring(0, dot).equals(table)) {
                table = key.substring(0, dot);
                text.append("\n[").append(table).append("]\n");
            }
            text.append(key.substring(dot + 1)).append(" = ").append(entry.getValue());
            text.append(entry.getValue().equals(usual.get(key)) ? "  # default\n" : "\n");
        }
        return text.toString();
    }

    private static String word(Enum<?> choice) {
        return quoted(choice.name().toLowerCase(Locale.ROOT));
    }

    private static String duration(Duration time) {
        return quoted(time.toSeconds() + "s");
    }

    /** Nothing is empty text, which means nothing when it is read as well. */
    private static String quoted(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
