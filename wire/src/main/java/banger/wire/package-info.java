/** What crosses banger's sockets: JSON-RPC messages, and the binary frames of exec and the guest protocol. */
@NullMarked
package banger.wire;

import org.jspecify.annotations.NullMarked;
