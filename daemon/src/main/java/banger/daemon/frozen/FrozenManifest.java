package banger.daemon.frozen;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Properties;

/**
 * What a frozen machine must be like.
 *
 * @param fitsOn the fingerprint of the driver that made it, which is to run it
 * @param surroundings what it relies on and does not have with it; empty where an earlier banger wrote it
 * @param hostBoot the host's boot id when it was written
 * @param memoryBytes 0 where there are only disks
 */
public record FrozenManifest(
        String fitsOn,
        String surroundings,
        String hostBoot,
        long memoryBytes,
        String memoryDigest,
        String devicesDigest,
        Instant madeAt) {
    private static final String NAME = "frozen.properties";

    /** @throws IOException that says what is another now than when it was frozen */
    public void requireFit(String driver, String there) throws IOException {
        if (!fitsOn.equals(driver)) {
            throw new IOException("it was frozen by another driver, version or CPU than are here now");
        }
        if (!surroundings.isEmpty() && !surroundings.equals(there)) {
            throw new IOException("its kernel, image or shape is another now than when it was frozen");
        }
    }

    /** Whether there is a machine, and not only disks. */
    public boolean runs() {
        return memoryBytes > 0;
    }

    void write(Path folder) throws IOException {
        var fields = new Properties();
        fields.setProperty("fits_on", fitsOn);
        fields.setProperty("surroundings", surroundings);
        fields.setProperty("host_boot", hostBoot);
        fields.setProperty("memory_bytes", Long.toString(memoryBytes));
        fields.setProperty("memory_digest", memoryDigest);
        fields.setProperty("devices_digest", devicesDigest);
        fields.setProperty("made_at", madeAt.toString());
        try (Writer out = Files.newBufferedWriter(folder.resolve(NAME))) {
            fields.store(out, null);
        }
    }

    static FrozenManifest read(Path folder) throws IOException {
        var fields = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve(NAME))) {
            fields.load(in);
            return new FrozenManifest(
                    field(fields, "fits_on"),
                    fields.getProperty("surroundings", ""),
                    field(fields, "host_boot"),
                    Long.parseLong(field(fields, "memory_bytes")),
                    field(fields, "memory_digest"),
                    field(fields, "devices_digest"),
                    Instant.parse(field(fields, "made_at")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("a field of " + NAME + " is damaged: " + e.getMessage(), e);
        }
    }

    private static String field(Properties fields, String name) throws IOException {
        String value = fields.getProperty(name);
        if (value == null) {
            throw new IOException(NAME + " lacks " + name);
        }
        return value;
    }
}
