/** The daemon as the CLI sees it: found, started, replaced by a newer build, called. */
@NullMarked
package banger.cli.daemon;

import org.jspecify.annotations.NullMarked;
