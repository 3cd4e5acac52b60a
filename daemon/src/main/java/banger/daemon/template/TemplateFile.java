package banger.daemon.template;

import banger.daemon.os.FileIdentity;
import banger.daemon.os.SparseDigest;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a file of a template must be like.
 *
 * @param digest of its data
 * @param identity which file it was when it was written
 */
record TemplateFile(String digest, String identity) {
    static TemplateFile of(Path file) throws IOException {
        return new TemplateFile(SparseDigest.of(file), FileIdentity.of(file).toString());
    }
}
