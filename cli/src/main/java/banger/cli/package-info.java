/** The command line program: finds the command, runs it, exits with its code. */
@NullMarked
package banger.cli;

import org.jspecify.annotations.NullMarked;
