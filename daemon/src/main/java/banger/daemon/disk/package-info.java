/** Disk files: ext4 layers and seeds, and cloning them. */
@NullMarked
package banger.daemon.disk;

import org.jspecify.annotations.NullMarked;
