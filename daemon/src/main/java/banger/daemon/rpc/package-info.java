/** The RPC interface on the daemon's unix socket. */
@NullMarked
package banger.daemon.rpc;

import org.jspecify.annotations.NullMarked;
