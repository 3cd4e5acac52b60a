package banger.daemon.template;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** The file in a template's folder that says what it holds. */
final class TemplateManifest {
    private static final String NAME = "template.properties";
    private static final String INGREDIENT = "made_of.";
    private static final String DIGEST = "digest_of.";
    private static final String IDENTITY = "identity_of.";

    private TemplateManifest() {}

    static void write(Template template, Path folder) throws IOException {
        var fields = new Properties();
        fields.setProperty("digest", template.digest());
        template.key().ingredients().forEach((each, digest) -> fields.setProperty(field(each), digest));
        fields.setProperty("image", template.image());
        fields.setProperty("vcpus", Integer.toString(template.vcpus()));
        fields.setProperty("memory_bytes", Long.toString(template.memoryBytes()));
        fields.setProperty("network", template.network());
        fields.setProperty("disk_bytes", Long.toString(template.diskBytes()));
        template.files().forEach((name, file) -> {
            fields.setProperty(DIGEST + name, file.digest());
            fields.setProperty(IDENTITY + name, file.identity());
        });
        fields.setProperty("host_boot", template.hostBoot());
        fields.setProperty("created_at", template.createdAt().toString());
        try (Writer out = Files.newBufferedWriter(folder.resolve(NAME))) {
            fields.store(out, null);
        }
    }

    /** @throws IOException where the folder holds no whole template, as far as that shows without reading it */
    static Template read(Path folder) throws IOException {
        var fields = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve(NAME))) {
            fields.load(in);
            var template = new Template(
                    folder,
                    key(fields),
                    field(fields, "image"),
                    Integer.parseInt(field(fields, "vcpus")),
                    Long.parseLong(field(fields, "memory_bytes")),
                    field(fields, "network"),
                    Long.parseLong(field(fields, "disk_bytes")),
                    files(fields),
                    field(fields, "host_boot"),
                    Instant.parse(field(fields, "created_at")));
            require(Files.size(template.machine().memory()) == template.memoryBytes(), "its memory is cut short");
            return template;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("a field of " + NAME + " is damaged: " + e.getMessage(), e);
        }
    }

    private static TemplateKey key(Properties fields) throws IOException {
        var ingredients = new EnumMap<Ingredient, String>(Ingredient.class);
        for (Ingredient each : Ingredient.values()) {
            ingredients.put(each, field(fields, field(each)));
        }
        return new TemplateKey(field(fields, "digest"), ingredients);
    }

    private static Map<String, TemplateFile> files(Properties fields) throws IOException {
        var files = new HashMap<String, TemplateFile>();
        for (String name : fields.stringPropertyNames()) {
            if (name.startsWith(DIGEST)) {
                String file = name.substring(DIGEST.length());
                files.put(file, new TemplateFile(fields.getProperty(name), field(fields, IDENTITY + file)));
            }
        }
        return files;
    }

    private static String field(Ingredient ingredient) {
        return INGREDIENT + ingredient.name().toLowerCase(Locale.ROOT);
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
