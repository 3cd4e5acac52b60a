/** The daemon: {@code Main} puts the packages below together. */
@NullMarked
package banger.daemon;

import org.jspecify.annotations.NullMarked;
