/** Tests of what guests get of the host. */
@NullMarked
package banger.daemon.host;

import org.jspecify.annotations.NullMarked;
