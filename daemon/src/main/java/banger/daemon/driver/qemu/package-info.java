/** The driver that runs VMs with qemu-system-x86_64. */
@NullMarked
package banger.daemon.driver.qemu;

import org.jspecify.annotations.NullMarked;
