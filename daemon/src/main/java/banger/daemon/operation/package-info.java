/** Long work with stages, progress and an outcome that outlives the client's connection. */
@NullMarked
package banger.daemon.operation;

import org.jspecify.annotations.NullMarked;
