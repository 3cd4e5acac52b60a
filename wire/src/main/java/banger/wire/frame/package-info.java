/** Frames of the guest protocol (docs/guest-protocol.md), spoken by the agent, relayed by the daemon, read by the CLI. */
@NullMarked
package banger.wire.frame;

import org.jspecify.annotations.NullMarked;
