/**
 * A stand-in for the Firecracker program, which speaks its API's rules without any VM: for tests on hosts without KVM.
 *
 * <p>Strict: what the API's description does not allow is refused with a {@code fault_message}. Each rule names the
 * operation of the description (version 1.17.0-dev) that it comes from; where the description leaves it open, the
 * behaviour of the program's releases is named.
 */
@NullMarked
package banger.daemon.driver.firecracker.standin;

import org.jspecify.annotations.NullMarked;
