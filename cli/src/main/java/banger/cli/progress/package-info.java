/** Following operations and showing their stages. */
@NullMarked
package banger.cli.progress;

import org.jspecify.annotations.NullMarked;
