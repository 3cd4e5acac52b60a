package banger.daemon.build;

import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a VM has of the host's certificates, which each start puts into it and which are no part of an image: the file of
 * their own, the bundle, and what update-ca-certificates has made of both.
 */
final class HostCertificates {
    private static final String SOURCE = "usr/local/share/ca-certificates/banger-host.crt";
    private static final String FOLDER = "etc/ssl/certs";
    private static final String BUNDLE = FOLDER + "/ca-certificates.crt";
    private static final long MAX_BYTES = 64L << 20;

    private HostCertificates() {}

    static void remove(Entry upper) throws IOException {
        Entry source = upper.at(SOURCE);
        Entry bundle = upper.at(BUNDLE);
        if (source != null && source.isFile() && bundle != null && bundle.isFile()) {
            byte[] given = Tree.content(source, MAX_BYTES);
            byte[] found = Tree.content(bundle, MAX_BYTES);
            byte[] own = without(found, given);
            if (own.length == 0) {
                upper.remove(BUNDLE);
            } else if (own.length < found.length) {
                upper.replaceContent(BUNDLE, own);
            }
        }
        removeLinks(upper);
        upper.remove(SOURCE);
    }

    /** The guest's bundle is its certificates' files one behind the other; the host's is one of them, maybe more than once. */
    private static byte[] without(byte[] bundle, byte[] given) {
        String all = new String(bundle, StandardCharsets.ISO_8859_1);
        String cut = new String(given, StandardCharsets.ISO_8859_1).strip();
        if (Arrays.equals(bundle, given)) {
            return new byte[0];
        }
        if (cut.isEmpty()) {
            return bundle;
        }
        String own = all.replace(cut + "\n", "").replace(cut, "");
        return own.isBlank() ? new byte[0] : own.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Links to the file, and those by a certificate's hash that lead to such. */
    private static void removeLinks(Entry upper) {
        Entry folder = upper.at(FOLDER);
        if (folder == null) {
            return;
        }
        Set<String> gone = new HashSet<>(Set.of("/" + SOURCE));
        boolean more = true;
        while (more) {
            more = false;
            for (String name : List.copyOf(folder.children().keySet())) {
                Entry link = folder.child(name);
                if (link != null && link.target() != null && gone.contains(link.target())) {
                    folder.remove(name);
                    gone.addAll(List.of(name, "/" + FOLDER + "/" + name));
                    more = true;
                }
            }
        }
    }
}
