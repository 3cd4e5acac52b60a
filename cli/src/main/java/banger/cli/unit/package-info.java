/** The daemon as a unit of systemd. */
@NullMarked
package banger.cli.unit;

import org.jspecify.annotations.NullMarked;
