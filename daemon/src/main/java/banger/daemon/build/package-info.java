/** Making images from VMs and from other images. */
@NullMarked
package banger.daemon.build;

import org.jspecify.annotations.NullMarked;
