/** Void Linux's binary packages. */
@NullMarked
package banger.daemon.xbps;

import org.jspecify.annotations.NullMarked;
