package banger.daemon.image;

import java.nio.file.Path;

/** Where a foreign image is imported from. */
public sealed interface ImageSource {
    /** A folder or an archive on the host. */
    record OnDisk(Path path) implements ImageSource {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** An image in a registry, such as {@code registry.example/team/image:tag}. */
    record InRegistry(String reference) implements ImageSource {
        @Override
        public String toString() {
            return reference;
        }
    }
}
