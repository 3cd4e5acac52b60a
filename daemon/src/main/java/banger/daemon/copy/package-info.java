/** Files and folders on their way between host and guest, as archives over the agent's stream. */
@NullMarked
package banger.daemon.copy;

import org.jspecify.annotations.NullMarked;
