/** The daemon: {@code Assembly} puts the packages below together. */
@NullMarked
package banger.daemon;

import org.jspecify.annotations.NullMarked;
