/** The driver that runs VMs with Firecracker, where KVM works. */
@NullMarked
package banger.daemon.driver.firecracker;

import org.jspecify.annotations.NullMarked;
