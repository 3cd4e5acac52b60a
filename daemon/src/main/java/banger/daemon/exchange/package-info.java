/** banger's own images in registries: pushed and pulled whole, with kernel, seed and metadata. */
@NullMarked
package banger.daemon.exchange;

import org.jspecify.annotations.NullMarked;
