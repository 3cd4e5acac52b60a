/** Root file systems from the layers of foreign images, all of them taken for hostile. */
@NullMarked
package banger.daemon.rootfs;

import org.jspecify.annotations.NullMarked;
