/** A real daemon, its RPC on a real socket and its database in a file, over a driver that only pretends. */
@NullMarked
package banger.daemon.lifecycle;

import org.jspecify.annotations.NullMarked;
