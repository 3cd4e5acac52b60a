/** What runs VMs: a package for each driver, and the choice between them. */
@NullMarked
package banger.daemon.driver;

import org.jspecify.annotations.NullMarked;
