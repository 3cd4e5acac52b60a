/** The host end of the agent's stream. */
@NullMarked
package banger.daemon.guest;

import org.jspecify.annotations.NullMarked;
