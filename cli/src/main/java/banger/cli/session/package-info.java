/** What a command is given by its caller: output, terminals, places on the host, and the way to fail. */
@NullMarked
package banger.cli.session;

import org.jspecify.annotations.NullMarked;
