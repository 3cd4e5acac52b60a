/** The one exception that means: tell the user. */
@NullMarked
package banger.daemon.problem;

import org.jspecify.annotations.NullMarked;
