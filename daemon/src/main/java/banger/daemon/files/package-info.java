/** What VMs have on disk, and what they boot from it. */
@NullMarked
package banger.daemon.files;

import org.jspecify.annotations.NullMarked;
