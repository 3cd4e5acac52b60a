/** Images that stand on files of the user's own, and how they become banger's. */
@NullMarked
package banger.daemon.unmanaged;

import org.jspecify.annotations.NullMarked;
