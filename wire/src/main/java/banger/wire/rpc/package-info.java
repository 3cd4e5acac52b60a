/** JSON-RPC 2.0 as banger speaks it (docs/rpc.md): envelopes, methods, and their requests and replies. */
@NullMarked
package banger.wire.rpc;

import org.jspecify.annotations.NullMarked;
