/** Machines frozen to disk: their files, whole and verified or not there. */
@NullMarked
package banger.daemon.frozen;

import org.jspecify.annotations.NullMarked;
