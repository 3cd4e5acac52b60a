/** Reading archives of any origin, all of them taken for hostile. */
@NullMarked
package banger.daemon.archive;

import org.jspecify.annotations.NullMarked;
