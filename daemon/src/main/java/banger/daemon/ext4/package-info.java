/** The inside of ext4 files without mounting them: reading, merging the layers of an overlay, and writing new ones. */
@NullMarked
package banger.daemon.ext4;

import org.jspecify.annotations.NullMarked;
