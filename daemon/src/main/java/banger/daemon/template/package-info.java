/** Templates: booted, ready machines frozen to disk, from which new VMs are restored. */
@NullMarked
package banger.daemon.template;

import org.jspecify.annotations.NullMarked;
