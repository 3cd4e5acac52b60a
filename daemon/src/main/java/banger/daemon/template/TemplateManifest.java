package banger.daemon.template;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Properties;

/** The file in a template's folder that says what it holds. */
final class TemplateManifest {
    private static final String NAME = "template.properties";

    private TemplateManifest() {}

    static void write(Template template, Path folder) throws IOException {
        var fields = new Properties();
        fields.setProperty("digest", template.digest());
        fields.setProperty("image", template.image());
        fields.setProperty("vcpus", Integer.toString(template.vcpus()));
        fields.setProperty("memory_bytes", Long.toString(template.memoryBytes()));
        fields.setProperty("network", template.network());
        fields.setProperty("disk_bytes", Long.toString(template.diskBytes()));
        fields.setProperty("ram_digest", template.ramDigest());
        fields.setProperty("devices_bytes", Long.toString(template.devicesBytes()));
        fields.setProperty("host_boot", template.hostBoot());
        fields.setProperty("created_at", template.createdAt().toString());
        try (Writer out = Files.newBufferedWriter(folder.resolve(NAME))) {
            fields.store(out, null);
        }
    }

    /** @throws IOException where the folder holds no whole template */
    static Template read(Path folder) throws IOException {
        var fields = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve(NAME))) {
            fields.load(in);
            var template = new Template(
                    folder,
                    field(fields, "digest"),
                    field(fields, "image"),
                    Integer.parseInt(field(fields, "vcpus")),
                    Long.parseLong(field(fields, "memory_bytes")),
                    field(fields, "network"),
                    Long.parseLong(field(fields, "disk_bytes")),
                    field(fields, "ram_digest"),
                    Long.parseLong(field(fields, "devices_bytes")),
                    field(fields, "host_boot"),
                    Instant.parse(field(fields, "created_at")));
            require(Files.size(template.machine().memory()) == template.memoryBytes(), "its memory is cut short");
            require(
                    Files.size(template.machine().devices()) == template.devicesBytes(),
                    "its devices' state is cut short");
            return template;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("a field of " + NAME + " is damaged: " + e.getMessage(), e);
        }
    }

    private static String field(Properties fields, String name) throws IOException {
        String value = fields.getProperty(name);
        require(value != null, NAME + " lacks " + name);
        return value == null ? "" : value;
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
