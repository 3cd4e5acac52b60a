/** What the user has set in config.toml, with defaults for the rest. */
@NullMarked
package banger.daemon.config;

import org.jspecify.annotations.NullMarked;
