/** Images: layers, kernel, work seed and metadata; making and checking them. */
@NullMarked
package banger.daemon.image;

import org.jspecify.annotations.NullMarked;
