/** Host git repositories inside guests. */
@NullMarked
package banger.daemon.workspace;

import org.jspecify.annotations.NullMarked;
