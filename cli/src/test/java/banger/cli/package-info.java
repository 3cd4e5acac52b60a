/** The CLI against a fake daemon on a real unix socket. */
@NullMarked
package banger.cli;

import org.jspecify.annotations.NullMarked;
