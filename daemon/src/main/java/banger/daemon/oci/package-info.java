/** Images of the Open Container Initiative: in registries, in folders and in archives. */
@NullMarked
package banger.daemon.oci;

import org.jspecify.annotations.NullMarked;
