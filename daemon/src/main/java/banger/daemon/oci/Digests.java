package banger.daemon.oci;

import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The digests that name the parts of images. */
final class Digests {
    private static final Pattern SHA256 = Pattern.compile("sha256:[0-9a-f]{64}");

    private Digests() {}

    /** The 64 hex digits. @throws Problem where it is no SHA-256: only such are checked, so only such are taken */
    static String hex(@Nullable String digest, String what) {
        if (digest == null || !SHA256.matcher(digest).matches()) {
            throw new Problem(
                    Problem.Kind.FAILED, what + " is named by \"" + digest + "\", expected sha256: and 64 hex digits");
        }
        return digest.substring("sha256:".length());
    }

    /** The bytes. @throws Problem FAILED where their digest is another */
    static byte[] checked(byte[] bytes, String digest, String what) {
        String found = Sha256.of(bytes);
        if (!found.equals(hex(digest, what))) {
            throw new Problem(
                    Problem.Kind.FAILED, what + " is damaged: its digest is sha256:" + found + ", expected " + digest);
        }
        return bytes;
    }
}
