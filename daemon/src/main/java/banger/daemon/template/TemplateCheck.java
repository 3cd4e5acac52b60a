package banger.daemon.template;

import banger.daemon.os.FileIdentity;
import banger.daemon.os.HostProcess;
import banger.daemon.os.SparseDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Checks that templates are what was written. The devices' state, which is short, is read each time; the rest once after
 * each start of the host, which may have gone down with it half on the disk, and where a file is another than it was.
 *
 * <p>Safe for any number of threads: one reads, and the others wait for it.
 */
final class TemplateCheck {
    /** What was read and found whole, by folder: which files they were. */
    private final Map<Path, Map<String, String>> whole = new ConcurrentHashMap<>();

    private final ReentrantLock reading = new ReentrantLock();

    /** @throws IOException that says what is damaged */
    void run(Template template) throws IOException {
        try {
            requireDigest(template, template.machine().devices().getFileName().toString());
            Map<String, String> now = identities(template);
            boolean asWritten = template.files().entrySet().stream()
                    .allMatch(file -> file.getValue().identity().equals(now.get(file.getKey())));
            if (!asWritten || !template.hostBoot().equals(HostProcess.bootId())) {
                readOnce(template, now);
            }
        } catch (NoSuchFileException e) {
            throw new IOException("its file " + Path.of(e.getFile()).getFileName() + " is missing", e);
        }
    }

    void forget(Path folder) {
        whole.remove(folder);
    }

    private void readOnce(Template template, Map<String, String> now) throws IOException {
        reading.lock();
        try {
            if (!now.equals(whole.get(template.folder()))) {
                for (String file : template.files().keySet()) {
                    requireDigest(template, file);
                }
                whole.put(template.folder(), now);
            }
        } finally {
            reading.unlock();
        }
    }

    private static Map<String, String> identities(Template template) throws IOException {
        var found = new HashMap<String, String>();
        for (String file : template.files().keySet()) {
            found.put(file, FileIdentity.of(template.folder().resolve(file)).toString());
        }
        return found;
    }

    private static void requireDigest(Template template, String file) throws IOException {
        TemplateFile written = template.files().get(file);
        Path place = template.folder().resolve(file);
        if (written == null) {
            throw new IOException("nothing says what its file " + file + " was");
        }
        if (!Files.exists(place)) {
            throw new NoSuchFileException(place.toString());
        }
        if (!SparseDigest.of(place).equals(written.digest())) {
            throw new IOException("its file " + file + " is not what was written");
        }
    }
}
