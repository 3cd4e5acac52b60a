/** A stream to the guest: standard streams, credit, signals and the terminal. */
@NullMarked
package banger.cli.exec;

import org.jspecify.annotations.NullMarked;
