/** Kernel bundles: vmlinux, initramfs and modules layer, kept together. */
@NullMarked
package banger.daemon.kernel;

import org.jspecify.annotations.NullMarked;
