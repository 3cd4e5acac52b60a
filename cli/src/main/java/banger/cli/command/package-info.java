/** The commands, one class each: parse, call, print. */
@NullMarked
package banger.cli.command;

import org.jspecify.annotations.NullMarked;
