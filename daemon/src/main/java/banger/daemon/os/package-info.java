/** The host: paths, processes, locks. The only user of ProcessBuilder and of the environment. */
@NullMarked
package banger.daemon.os;

import org.jspecify.annotations.NullMarked;
