/** Ports of the host whose connections end in a VM. */
@NullMarked
package banger.cli.forward;

import org.jspecify.annotations.NullMarked;
