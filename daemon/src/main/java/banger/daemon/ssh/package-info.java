/** Logging in to guests with the host's ssh: keys, known hosts and the configuration that names them. */
@NullMarked
package banger.daemon.ssh;

import org.jspecify.annotations.NullMarked;
