/** Debian as a source: the host's apt configuration, packages fetched with it, and the inside of a package. */
@NullMarked
package banger.daemon.debian;

import org.jspecify.annotations.NullMarked;
