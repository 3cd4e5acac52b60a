/** The bridge that VMs share: TAP devices, addresses, packet filters and names. */
@NullMarked
package banger.daemon.network;

import org.jspecify.annotations.NullMarked;
