/** State in SQLite. */
@NullMarked
package banger.daemon.state;

import org.jspecify.annotations.NullMarked;
