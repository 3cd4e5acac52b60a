/** Black-box tests: the built program with real VMs, driven as a user or a hostile client would. */
@NullMarked
package banger.it;

import org.jspecify.annotations.NullMarked;
