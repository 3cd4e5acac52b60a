/** Work seeds: the homes that VMs begin with, kept up to date. */
@NullMarked
package banger.daemon.seed;

import org.jspecify.annotations.NullMarked;
