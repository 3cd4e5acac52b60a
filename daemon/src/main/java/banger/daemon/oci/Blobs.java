package banger.daemon.oci;

import banger.daemon.rootfs.StoredLayer;
import java.io.IOException;

/** Where the parts of an image are, by digests such as {@code sha256:…}. What they give has that digest. */
interface Blobs {
    /** A manifest or an index. */
    byte[] manifest(String digest) throws IOException;

    /** A configuration. */
    byte[] configuration(String digest) throws IOException;

    /** @param bytes that the manifest says it has */
    StoredLayer layer(String digest, long bytes) throws IOException;
}
