/** The user's own ssh configuration. */
@NullMarked
package banger.cli.ssh;

import org.jspecify.annotations.NullMarked;
